"""What the project remembers, in a database: tables and the words in them, sessions, and the audit log."""

from .audit_log.anchor import parse_audit_anchor as parse_audit_anchor
from .audit_log.append import (
    append_audit_entries as append_audit_entries,
)
from .audit_log.append import (
    append_audit_entry as append_audit_entry,
)
from .audit_log.append import (
    lock_audit_log as lock_audit_log,
)
from .audit_log.append import (
    log_action as log_action,
)
from .audit_log.append import (
    log_export as log_export,
)
from .audit_log.append import (
    name_system_user as name_system_user,
)
from .audit_log.entries import (
    AuditEntry as AuditEntry,
)
from .audit_log.read import (
    list_audit_entries as list_audit_entries,
)
from .audit_log.read import (
    parse_entry_details as parse_entry_details,
)
from .audit_log.verify import (
    AuditVerification as AuditVerification,
)
from .audit_log.verify import (
    verify_audit_log as verify_audit_log,
)
from .database import (
    describe_database as describe_database,
)
from .database import (
    has_database as has_database,
)
from .database import (
    make_keepable as make_keepable,
)
from .database import (
    reading_session as reading_session,
)
from .database import (
    writing_session as writing_session,
)
from .tables import (
    AuditLogHeadRow as AuditLogHeadRow,
)
from .tables import (
    FeedbackRow as FeedbackRow,
)
from .tables import (
    GateRow as GateRow,
)
from .tables import (
    MetricRow as MetricRow,
)
from .tables import (
    PacsObjectRow as PacsObjectRow,
)
from .tables import (
    ReadingRow as ReadingRow,
)
from .tables import (
    ReviewEventRow as ReviewEventRow,
)
from .tables import (
    RunRow as RunRow,
)
from .tables import (
    ServingRow as ServingRow,
)
from .tables import (
    WorklistItemRow as WorklistItemRow,
)
from .tables import (
    WorklistRow as WorklistRow,
)
from .words import AuditAction as AuditAction
from .words import Call as Call
from .words import Door as Door
from .words import ItemStatus as ItemStatus
from .words import PacsObjectStatus as PacsObjectStatus
from .words import ReviewEventKind as ReviewEventKind
from .words import RunStatus as RunStatus
from .words import ServingAction as ServingAction
from .words import SuitabilityOutcome as SuitabilityOutcome
from .words import WorklistSource as WorklistSource
