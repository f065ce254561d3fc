"""Files to documents: canonical text with layout, metadata and marked boilerplate."""

from pipeline.ingest.find import find_inputs
from pipeline.ingest.read import read_file

__all__ = ["find_inputs", "read_file"]
