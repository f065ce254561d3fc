"""The one home of the tables: columns, types, vocabularies and what they mean."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

SCHEMA_VERSION = "1"

SOURCE_KINDS = ("ministry", "news", "embassy", "organisation", "unknown")
FORMATS = ("text", "markdown", "html", "json")
PUBLISHED_FROM = ("metadata", "dateline", "text", "filename")
VIA = ("name", "demonym", "place", "institution")
GRANULARITIES = ("day", "month", "quarter", "half", "year", "decade", "range")
MODIFIERS = ("early", "mid", "late", "start", "end", "before", "after", "approx")
RESOLVED_FROM = ("context", "document_date", "fiscal_year")
INSTITUTION_KINDS = (
    "government",
    "ministry",
    "department",
    "agency",
    "company",
    "university",
    "association",
    "intergovernmental",
    "committee",
    "other",
)
AGREEMENT_KINDS = (
    "mou",
    "moc",
    "agreement",
    "trade_agreement",
    "framework",
    "joint_statement",
    "joint_declaration",
    "declaration_of_intent",
    "action_plan",
    "protocol",
    "contract",
)
AGREEMENT_STATUSES = ("proposed", "approved", "signed", "ended")
MEETING_KINDS = (
    "working_group",
    "summit",
    "ministerial",
    "bilateral_meeting",
    "visit",
    "conference",
    "seminar",
    "roundtable",
    "exhibition",
    "dialogue",
    "ceremony",
)
MEETING_STATUSES = ("held", "planned")
PROJECT_KINDS = (
    "centre",
    "data_centre",
    "facility",
    "training",
    "research",
    "software",
    "network",
    "study",
    "pilot",
    "body",
    "other",
)
# How far from the trigger of a record a value was found; each step lowers the confidence.
STEPS = (
    "phrase",
    "clause",
    "sentence",
    "block",
    "list",
    "heading",
    "lead",
    "anaphora",
    "document",
    "publisher",
    "decided",
)
PROJECT_STATUSES = ("proposed", "agreed", "ongoing", "operational", "completed")
# The stages of a life-cycle, finer than the statuses: those of agreements, meetings, projects.
STAGES = (
    "proposed",
    "approved",
    "signed",
    "in_force",
    "renewed",
    "extended",
    "expired",
    "ended",
    "planned",
    "held",
    "agreed",
    "ongoing",
    "operational",
    "completed",
)
RENEWALS = ("automatic",)
LINK_OUTCOMES = ("first", "joined", "refused", "tied")
COPY_KINDS = ("identical", "copy", "reissue")
ID_CHANGES = ("renamed", "merged", "split", "gone")
PLOVER_CODES = ("AGREE", "SUPPORT", "CONSULT", "COOPERATE")
PLOVER_MODES = ("visit", "multilateral", "economic")
PLOVER_CONTEXTS = ("historical", "future")


@dataclass(frozen=True)
class Column:
    """A column: its type, what it means in one line, and its vocabulary if it has one."""

    name: str
    type: pa.DataType
    meaning: str
    vocabulary: tuple[str, ...] = ()

    @property
    def field(self) -> pa.Field:
        """The Arrow field; a column with a vocabulary is dictionary-encoded."""
        kind = pa.dictionary(pa.int8(), pa.string()) if self.vocabulary else self.type
        return pa.field(self.name, kind, metadata={"description": self.described()})

    def described(self) -> str:
        """The meaning with the vocabulary."""
        return (
            f"{self.meaning} ({' · '.join(self.vocabulary)})" if self.vocabulary else self.meaning
        )


@dataclass(frozen=True)
class Table:
    """A table: one row a ``row``; ``key`` orders its rows and ``stage`` writes it."""

    name: str
    row: str
    stage: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def arrow(self) -> pa.Schema:
        """The Arrow schema, with the description of each column and the schema's version."""
        return pa.schema(
            [column.field for column in self.columns],
            metadata={"pactline.schema": SCHEMA_VERSION, "description": f"One row: {self.row}."},
        )


_STRING, _DATE = pa.string(), pa.date32()
_STRINGS = pa.list_(pa.string())

_DOC_ID = Column("doc_id", _STRING, "the document's path below raw/, path#key inside a container")
_START = Column("start", pa.int32(), "offset of the first character in documents.text")
_END = Column("end", pa.int32(), "offset behind the last character in documents.text")
_TEXT = Column("text", _STRING, "documents.text[start:end]")
_SUBJECT_TABLE = Column("table", _STRING, "the table of the record")
_RECORD_ID = Column("record_id", _STRING, "the record's id in that table")
_REPORT_ID = Column("report_id", _STRING, "the report's id")
_RULE = Column("rule", _STRING, "the id of the rule that found it")
_CONFIDENCE = Column("confidence", pa.float32(), "how far the rule can be trusted, 0 to 1")
_MENTION_HEAD = (_DOC_ID, _START, _END, _TEXT)
_MENTION_TAIL = (_RULE, _CONFIDENCE)
_REJECTED_KEY = ("doc_id", "stage", "code", "detail")
_MENTION_KEY = ("doc_id", "start", "end")


def _mentions(name: str, row: str, *columns: Column) -> Table:
    return Table(name, row, "annotate", _MENTION_KEY, (*_MENTION_HEAD, *columns, *_MENTION_TAIL))


def _when(what: str) -> tuple[Column, ...]:
    return (
        Column("date", _STRING, f"{what}, in EDTF"),
        Column("date_start", _DATE, "the first day of date"),
        Column("date_end", _DATE, "the last day of date"),
    )


_AGREEMENT_FIELDS = (
    Column("kind", _STRING, "the kind of instrument", AGREEMENT_KINDS),
    Column("title", _STRING, "the instrument's title or description"),
    Column("parties", _STRINGS, "country codes or bloc acronyms of the sides"),
    Column("institutions", _STRINGS, "names of the institutions that sign"),
    Column("institution_ids", _STRINGS, "ids of the institutions that sign"),
    Column("status", _STRING, "the furthest stage stated", AGREEMENT_STATUSES),
    *_when("the date of that stage"),
    Column("place", _STRING, "the city where it was signed"),
    Column("topics", _STRINGS, "the topics tied to this instrument"),
)
_MEETING_FIELDS = (
    Column("kind", _STRING, "the kind of meeting", MEETING_KINDS),
    Column("name", _STRING, "the shortest noun phrase that names it, without the ordinal"),
    Column("ordinal", pa.int16(), "2 for the second meeting"),
    Column("countries", _STRINGS, "who takes part, and the host"),
    Column("institutions", _STRINGS, "names of the institutions that take part"),
    Column("status", _STRING, "held or planned", MEETING_STATUSES),
    *_when("when it is held"),
    Column("place", _STRING, "the city, or the country where no city is given"),
    Column("agreement_id", _STRING, "the agreement that it serves"),
)
_PROJECT_FIELDS = (
    Column("kind", _STRING, "the kind of project", PROJECT_KINDS),
    Column("name", _STRING, "the project's name"),
    Column("host", _STRING, "the country where it stands or whose people it serves"),
    Column("countries", _STRINGS, "the countries that carry it"),
    Column("institutions", _STRINGS, "names of the institutions that carry it out"),
    Column("status", _STRING, "the furthest stage stated", PROJECT_STATUSES),
    *_when("the date of that stage"),
    Column("agreement_id", _STRING, "the agreement that it serves"),
)


_PLOVER = (
    Column("plover_code", _STRING, "event type of PLOVER, derived from the stage", PLOVER_CODES),
    Column("plover_mode", _STRING, "mode of that event type", PLOVER_MODES),
    Column("plover_context", _STRING, "cited from the past, or planned", PLOVER_CONTEXTS),
)
_AS_OF = Column("as_of", _DATE, "the day by which documents say that the status is reached")
# What only the record has, found over all documents.
_OVER_TIME = {
    "agreement": (
        Column("stage", _STRING, "the latest stage, finer than status", STAGES),
        _AS_OF,
        Column("valid_for", _STRING, "how long it is valid, as an ISO 8601 duration"),
        Column("valid_until", _STRING, "when its validity ends, in EDTF"),
        Column("valid_until_granularity", _STRING, "how precise that is", GRANULARITIES),
        Column("renewal", _STRING, "how it is prolonged when that time is over", RENEWALS),
    ),
    "meeting": (_AS_OF, Column("series_id", _STRING, "the series that it is a session of")),
    "project": (_AS_OF,),
}


def _reports(subject: str, fields: tuple[Column, ...]) -> Table:
    return Table(
        f"{subject}_reports",
        f"what one document says of one {subject}",
        "records",
        ("doc_id", "start", "end", "report_id"),
        (
            Column("report_id", _STRING, "the report's id"),
            *_MENTION_HEAD,
            Column(f"{subject}_id", _STRING, f"the {subject} that the report tells of"),
            *(c for c in fields if c.name != f"{subject}_id"),
            *_PLOVER,
            *_MENTION_TAIL,
        ),
    )


def _records(subject: str, fields: tuple[Column, ...]) -> Table:
    return Table(
        f"{subject}s",
        f"a {subject}, over all documents",
        "link",
        (f"{subject}_id",),
        (
            Column(f"{subject}_id", _STRING, f"the {subject}'s id"),
            *(c for c in fields if c.name != f"{subject}_id"),
            *_OVER_TIME[subject],
            Column("doc_ids", _STRINGS, "the documents that tell of it"),
            Column("n_reports", pa.int32(), "how many reports it was merged from"),
            Column("first_published", _DATE, "the earliest publication that tells of it"),
            Column("last_published", _DATE, "the latest publication that tells of it"),
            _CONFIDENCE,
            Column("conflicts", _STRINGS, "the fields on which documents disagree"),
        ),
    )


TABLES: tuple[Table, ...] = (
    Table(
        "documents",
        "a document",
        "ingest",
        ("doc_id",),
        (
            _DOC_ID,
            Column("format", _STRING, "the format of the file", FORMATS),
            Column("source", _STRING, "who published it, as far as it or its path says"),
            Column("source_kind", _STRING, "what kind of publisher that is", SOURCE_KINDS),
            Column("title", _STRING, "the title"),
            Column("published", _DATE, "the date of publication"),
            Column("published_from", _STRING, "where that date was found", PUBLISHED_FROM),
            Column("language", _STRING, "ISO 639-1 code of the language"),
            Column("url", _STRING, "the address it was published at"),
            Column("text", _STRING, "the cleaned text that every offset refers to"),
            Column("sha256", _STRING, "hash of the raw bytes"),
            Column("duplicate_of", _STRING, "doc_id of the earliest near-duplicate, else null"),
        ),
    ),
    _mentions(
        "countries",
        "a mention of a country",
        Column("code", _STRING, "ISO 3166-1 alpha-2 code, or EU"),
        Column("iso3", _STRING, "ISO 3166-1 alpha-3 code"),
        Column("name", _STRING, "the country's short name"),
        Column("via", _STRING, "what in the text names the country", VIA),
        Column("place", _STRING, "the place that stands for the country"),
    ),
    _mentions(
        "dates",
        "a mention of a calendar time",
        Column("edtf", _STRING, "the time in the Extended Date/Time Format"),
        Column("date_start", _DATE, "its first day"),
        Column("date_end", _DATE, "its last day"),
        Column("granularity", _STRING, "how precise the text is", GRANULARITIES),
        Column("modifier", _STRING, "a word that shades it: early 2015", MODIFIERS),
        Column("resolved_from", _STRING, "what completed it; null if complete", RESOLVED_FROM),
    ),
    _mentions(
        "institutions",
        "a mention of an institution",
        Column("institution_id", _STRING, "id in the rules, or country:slug if discovered"),
        Column("name", _STRING, "the fullest name that the document gives"),
        Column("acronym", _STRING, "the acronym that the document gives or uses"),
        Column("kind", _STRING, "the kind of institution", INSTITUTION_KINDS),
        Column("country", _STRING, "the country that it belongs to"),
        Column("linked", pa.bool_(), "known to the rules, or discovered in the text"),
    ),
    _mentions(
        "people",
        "a mention of a person",
        Column("name", _STRING, "the fullest name in the document, without honorifics"),
        Column("honorific", _STRING, "the honorifics before this mention"),
        Column("role", _STRING, "the role as the document gives it"),
        Column("institution_id", _STRING, "the institution named in the role"),
        Column("country", _STRING, "the country that the person acts for"),
    ),
    _mentions(
        "figures",
        "a number with a unit",
        Column("value", pa.float64(), "the number written out in full"),
        Column("unit", _STRING, "ISO 4217 code, % or a plural noun"),
        Column("what", _STRING, "what is counted or measured"),
        Column("country", _STRING, "the country that it is about"),
        Column("period", _STRING, "the time that it is about, in EDTF"),
    ),
    _reports("agreement", _AGREEMENT_FIELDS),
    _reports("meeting", _MEETING_FIELDS),
    _reports("project", _PROJECT_FIELDS),
    _records("agreement", _AGREEMENT_FIELDS),
    _records("meeting", _MEETING_FIELDS),
    _records("project", _PROJECT_FIELDS),
    Table(
        "institution_registry",
        "an institution, over all documents",
        "link",
        ("institution_id",),
        (
            Column("institution_id", _STRING, "id in the rules, or country:slug if discovered"),
            Column("name", _STRING, "its name"),
            Column("acronym", _STRING, "its acronym"),
            Column("aliases", _STRINGS, "what else it is called"),
            Column("kind", _STRING, "the kind of institution", INSTITUTION_KINDS),
            Column("country", _STRING, "the country that it belongs to"),
            Column("successor_of", _STRING, "the institution that it succeeded"),
            Column("n_mentions", pa.int32(), "how often it is mentioned"),
            Column("n_documents", pa.int32(), "how many documents mention it"),
            Column("linked", pa.bool_(), "known to the rules, or discovered and proposed for them"),
            Column("first_seen", _DATE, "the earliest publication that mentions it"),
            Column("last_seen", _DATE, "the latest publication that mentions it"),
            Column("renamed_after", _DATE, "last use of the predecessor's name before it"),
        ),
    ),
    Table(
        "links",
        "a report and why it belongs to its record, or why it was kept apart from another",
        "link",
        ("table", "record_id", "report_id", "outcome", "joined_to"),
        (
            _SUBJECT_TABLE,
            _RECORD_ID,
            _REPORT_ID,
            _DOC_ID,
            Column("outcome", _STRING, "what was decided", LINK_OUTCOMES),
            Column("joined_to", _STRING, "the report that it was compared with"),
            Column("reason", _STRING, "what speaks for it, or what contradicts"),
            Column("score", pa.float32(), "how much speaks for it, in points"),
            Column("decided", _STRING, "same or different, when a person decided"),
        ),
    ),
    Table(
        "status_history",
        "a stage that one document says a record reached",
        "link",
        ("table", "record_id", "date_start", "stage", "doc_id", "start", "report_id"),
        (
            _SUBJECT_TABLE,
            _RECORD_ID,
            Column("stage", _STRING, "the stage", STAGES),
            *_when("the date of the stage"),
            Column("published", _DATE, "the publication of the document"),
            _REPORT_ID,
            *_MENTION_HEAD,
            _RULE,
        ),
    ),
    Table(
        "conflicts",
        "one of the values on which documents disagree, with its evidence",
        "link",
        ("table", "record_id", "field", "value", "doc_id", "start", "report_id"),
        (
            _SUBJECT_TABLE,
            _RECORD_ID,
            Column("field", _STRING, "the field"),
            Column("value", _STRING, "what this document says"),
            Column("chosen", pa.bool_(), "whether the record has this value"),
            _REPORT_ID,
            *_MENTION_HEAD,
            _RULE,
        ),
    ),
    Table(
        "series",
        "a series of meetings of one body",
        "link",
        ("series_id",),
        (
            Column("series_id", _STRING, "the series' id"),
            Column("name", _STRING, "the body's name"),
            Column("countries", _STRINGS, "whose body it is"),
            Column("n_meetings", pa.int32(), "how many sessions the documents tell of"),
            Column("first_date", _DATE, "the first day of the earliest session"),
            Column("last_date", _DATE, "the first day of the latest session"),
            Column("ordinals", pa.list_(pa.int16()), "the sessions that are known by number"),
            Column("gaps", pa.list_(pa.int16()), "the numbers that no document tells of"),
            Column("repeated", pa.list_(pa.int16()), "the numbers that two sessions have"),
            Column("disordered", pa.list_(pa.int16()), "the numbers dated before a lower one"),
            Column("agreement_id", _STRING, "the agreement that set the body up"),
        ),
    ),
    Table(
        "copies",
        "a document that repeats an earlier one",
        "link",
        ("doc_id",),
        (
            _DOC_ID,
            Column("duplicate_of", _STRING, "the document that it repeats"),
            Column("kind", _STRING, "the same text, an edited copy, a corrected one", COPY_KINDS),
            Column("similarity", pa.float32(), "the exact share of runs of words in common"),
            Column("rule", _STRING, "the rule that recognised a re-issue"),
        ),
    ),
    Table(
        "renamings",
        "a sentence that tells an institution's former name",
        "link",
        ("institution_id", "predecessor_id", "doc_id", "start"),
        (
            Column("institution_id", _STRING, "the institution under its new name"),
            Column("predecessor_id", _STRING, "the institution under its former name"),
            *_MENTION_HEAD,
            Column("published", _DATE, "the publication of the document"),
            _RULE,
        ),
    ),
    Table(
        "id_history",
        "an id that earlier tables had and these don't",
        "link",
        ("table", "old_id", "new_id"),
        (
            _SUBJECT_TABLE,
            Column("old_id", _STRING, "the id in earlier tables"),
            Column("new_id", _STRING, "the record that has most of its reports now, if any"),
            Column("change", _STRING, "what happened to it", ID_CHANGES),
        ),
    ),
    Table(
        "evidence",
        "the support for one value of one field of one report",
        "records",
        ("record_id", "table", "field", "value", "doc_id", "start", "end"),
        (
            Column("record_id", _STRING, "the report that the value belongs to"),
            Column("table", _STRING, "the table of that report"),
            Column("field", _STRING, "the field"),
            Column("value", _STRING, "the value, one of them in a list"),
            *_MENTION_HEAD,
            Column("step", _STRING, "where it was found, seen from the trigger", STEPS),
            Column("detail", _STRING, "a finer state and its cue, or how it was normalised"),
            *_MENTION_TAIL,
        ),
    ),
    Table(
        "decisions",
        "a decision of a review that changed the rows of a document",
        "rows",
        ("doc_id", "table", "decision_id"),
        (
            Column("decision_id", _STRING, "the id that evidence names: rule decision/<id>"),
            Column("action", _STRING, "reject or set", ("reject", "set")),
            Column("table", _STRING, "the table of the row decided on"),
            Column("doc_id", _STRING, "the document that it was applied to"),
            Column("text", _STRING, "the words that the decision quotes"),
            Column("field", _STRING, "the field that was set"),
            Column("value", _STRING, "the value that it was set to"),
            Column("who", _STRING, "who decided"),
            Column("when", _STRING, "when, in UTC"),
            Column("why", _STRING, "why"),
        ),
    ),
    Table(
        "rejected",
        "a file, document or field that could not be read",
        "ingest",
        _REJECTED_KEY,
        (
            Column("doc_id", _STRING, "the path below raw/, path#line inside a container"),
            Column("stage", _STRING, "the stage that gave up"),
            Column("code", _STRING, "the reason; docs/rejected.md lists them"),
            Column("detail", _STRING, "what exactly was wrong"),
        ),
    ),
)

BY_NAME = {table.name: table for table in TABLES}
MENTION_TABLES = tuple(t.name for t in TABLES if t.stage == "annotate")
REPORT_TABLES = tuple(t.name for t in TABLES if t.name.endswith("_reports"))
# What each document gives; what all of them together give.
WRITTEN = tuple(t.name for t in TABLES if t.stage in {"ingest", "annotate", "records", "rows"})
LINKED = tuple(t.name for t in TABLES if t.stage == "link")
RECORD_TABLES = ("agreements", "meetings", "projects")
# The columns that a mark-up example may demand of a mention.
MARKUP_ATTRIBUTES = {
    tag: frozenset(
        c.name for c in BY_NAME[table].columns if c.name not in {"doc_id", "start", "end", "text"}
    )
    for tag, table in (
        ("country", "countries"),
        ("date", "dates"),
        ("institution", "institutions"),
        ("person", "people"),
        ("figure", "figures"),
        ("agreement", "agreement_reports"),
        ("meeting", "meeting_reports"),
        ("project", "project_reports"),
    )
}
