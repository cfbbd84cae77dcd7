"""What a checkpoint got wrong: filtered, folded by radiograph, counted, and what is behind it."""

from .changes import Changes as Changes
from .curves import (
    CurvePoint as CurvePoint,
)
from .curves import (
    Curves as Curves,
)
from .curves import (
    ScoreHistogram as ScoreHistogram,
)
from .curves import (
    count_confusion as count_confusion,
)
from .curves import (
    count_scores as count_scores,
)
from .curves import (
    measure_curves as measure_curves,
)
from .export import (
    Exported as Exported,
)
from .export import (
    to_csv as to_csv,
)
from .export import (
    write_zip as write_zip,
)
from .facets import (
    FacetCount as FacetCount,
)
from .facets import (
    count_facets as count_facets,
)
from .filters import (
    FailureFilters as FailureFilters,
)
from .filters import (
    join_words as join_words,
)
from .filters import (
    split_words as split_words,
)
from .label_errors import (
    LabelDoubt as LabelDoubt,
)
from .label_errors import (
    rank_label_errors as rank_label_errors,
)
from .label_ranking import (
    LabelRanking as LabelRanking,
)
from .label_ranking import (
    describe_label_ranking as describe_label_ranking,
)
from .label_ranking import (
    measure_label_ranking as measure_label_ranking,
)
from .label_ranking import (
    measure_reviewed_ranking as measure_reviewed_ranking,
)
from .neighbours.build import build_index as build_index
from .neighbours.index import (
    find_folder as find_folder,
)
from .neighbours.index import (
    has_index as has_index,
)
from .neighbours.nearest import (
    Nearest as Nearest,
)
from .neighbours.nearest import (
    Neighbour as Neighbour,
)
from .neighbours.nearest import (
    find_nearest as find_nearest,
)
from .patterns import (
    Slice as Slice,
)
from .patterns import (
    describe_worst_slice as describe_worst_slice,
)
from .patterns import (
    find_worst_slice as find_worst_slice,
)
from .patterns import (
    measure_overall as measure_overall,
)
from .patterns import (
    measure_slices as measure_slices,
)
from .reviews.frozen import (
    Frozen as Frozen,
)
from .reviews.frozen import (
    find_frozen_copies as find_frozen_copies,
)
from .reviews.frozen import (
    list_frozen as list_frozen,
)
from .reviews.hand_over import (
    HandOver as HandOver,
)
from .reviews.hand_over import (
    hand_over as hand_over,
)
from .reviews.read import (
    read_history as read_history,
)
from .reviews.read import (
    read_reviews as read_reviews,
)
from .reviews.read import (
    stamp_reviews as stamp_reviews,
)
from .reviews.records import (
    Review as Review,
)
from .reviews.records import (
    ReviewEvent as ReviewEvent,
)
from .reviews.reviewed_set import (
    READINGS as READINGS,
)
from .reviews.reviewed_set import (
    Key as Key,
)
from .reviews.reviewed_set import (
    ReviewedSet as ReviewedSet,
)
from .reviews.reviewed_set import (
    changing_reviewed_set as changing_reviewed_set,
)
from .reviews.reviewed_set import (
    find_root as find_root,
)
from .reviews.reviewed_set import (
    name_reading as name_reading,
)
from .reviews.rules import (
    LONGEST_NOTE as LONGEST_NOTE,
)
from .reviews.rules import (
    LONGEST_TAG as LONGEST_TAG,
)
from .reviews.rules import (
    LONGEST_WHO as LONGEST_WHO,
)
from .reviews.rules import (
    check_label as check_label,
)
from .reviews.rules import (
    check_line as check_line,
)
from .reviews.rules import (
    check_note as check_note,
)
from .reviews.rules import (
    check_who as check_who,
)
from .reviews.write import (
    add_note as add_note,
)
from .reviews.write import (
    add_tag as add_tag,
)
from .reviews.write import (
    mark_reviewed as mark_reviewed,
)
from .reviews.write import (
    propose_label as propose_label,
)
from .reviews.write import (
    remove_tag as remove_tag,
)
from .selection import (
    FailureEntries as FailureEntries,
)
from .selection import (
    FailureEntry as FailureEntry,
)
from .selection import (
    select as select,
)
from .table import (
    FailureTable as FailureTable,
)
from .table import (
    name_hardware as name_hardware,
)
