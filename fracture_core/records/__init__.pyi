"""records"""

from .feedback.agreement import (
    CAUTION as CAUTION,
)
from .feedback.agreement import (
    Agreement as Agreement,
)
from .feedback.agreement import (
    By as By,
)
from .feedback.agreement import (
    divide as divide,
)
from .feedback.agreement import (
    measure_agreement as measure_agreement,
)
from .feedback.disagreements import (
    JudgedPage as JudgedPage,
)
from .feedback.disagreements import (
    JudgedReading as JudgedReading,
)
from .feedback.disagreements import (
    count_judged as count_judged,
)
from .feedback.disagreements import (
    list_disagreements as list_disagreements,
)
from .feedback.disagreements import (
    list_judged as list_judged,
)
from .feedback.drift import (
    Drift as Drift,
)
from .feedback.drift import (
    find_drift as find_drift,
)
from .feedback.drift import (
    find_test as find_test,
)
from .feedback.filters import (
    KINDS as KINDS,
)
from .feedback.filters import (
    FeedbackFilters as FeedbackFilters,
)
from .feedback.hand_over import (
    hand_back_readings as hand_back_readings,
)
from .feedback.hand_over import (
    hand_over_readings as hand_over_readings,
)
from .feedback.hand_over import (
    list_handed_over_readings as list_handed_over_readings,
)
from .feedback.judged import (
    Judged as Judged,
)
from .feedback.judged import (
    read_judged as read_judged,
)
from .feedback.read import (
    latest as latest,
)
from .feedback.read import (
    read_feedback as read_feedback,
)
from .feedback.read import (
    read_feedback_of as read_feedback_of,
)
from .feedback.read import (
    stamp_feedback as stamp_feedback,
)
from .feedback.readers import (
    ReaderPair as ReaderPair,
)
from .feedback.readers import (
    compare_readers as compare_readers,
)
from .feedback.records import (
    Consensus as Consensus,
)
from .feedback.records import (
    Feedback as Feedback,
)
from .feedback.records import (
    decide as decide,
)
from .feedback.rules import (
    LONGEST_REGION as LONGEST_REGION,
)
from .feedback.rules import (
    find_called_label as find_called_label,
)
from .feedback.rules import (
    name_person as name_person,
)
from .feedback.write import give_feedback as give_feedback
from .retention import (
    LONGEST_WHY as LONGEST_WHY,
)
from .retention import (
    clean_quietly as clean_quietly,
)
from .retention import (
    delete_reading as delete_reading,
)
from .retention import (
    remove_old as remove_old,
)
from .retention import (
    sweep_pictures as sweep_pictures,
)
from .worklist.create import (
    create_from_pacs as create_from_pacs,
)
from .worklist.create import (
    create_from_path as create_from_path,
)
from .worklist.create import (
    create_from_uploads as create_from_uploads,
)
from .worklist.export import (
    to_csv as to_csv,
)
from .worklist.export import (
    to_xlsx as to_xlsx,
)
from .worklist.gather import (
    Gathered as Gathered,
)
from .worklist.gather import (
    Upload as Upload,
)
from .worklist.places import (
    check_allowed as check_allowed,
)
from .worklist.places import (
    find_allowed as find_allowed,
)
from .worklist.places import (
    find_file as find_file,
)
from .worklist.read import (
    find_unfinished as find_unfinished,
)
from .worklist.read import (
    list_worklists as list_worklists,
)
from .worklist.read import (
    read_items as read_items,
)
from .worklist.read import (
    read_worklist as read_worklist,
)
from .worklist.reader import (
    read_in_background as read_in_background,
)
from .worklist.reader import (
    read_worklist_files as read_worklist_files,
)
from .worklist.records import (
    Worklist as Worklist,
)
from .worklist.records import (
    WorklistItem as WorklistItem,
)
from .worklist.studies import (
    Study as Study,
)
from .worklist.studies import (
    build_studies as build_studies,
)
from .worklist.studies import (
    sort_items as sort_items,
)
from .worklist.studies import (
    sort_studies as sort_studies,
)
from .worklist.write import (
    delete_worklist as delete_worklist,
)
from .worklist.write import (
    go_on as go_on,
)
from .worklist.write import (
    group_by_hand as group_by_hand,
)
from .worklist.write import (
    override_refusal as override_refusal,
)
from .worklist.write import (
    set_apart as set_apart,
)
from .worklist.write import (
    set_region as set_region,
)
from .worklist.write import (
    stop_reading as stop_reading,
)
