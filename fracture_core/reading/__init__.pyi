"""Reading radiographs with a checkpoint."""

from .act import (
    ReadFile as ReadFile,
)
from .act import (
    ReadRequest as ReadRequest,
)
from .act import (
    open_source as open_source,
)
from .act import (
    read_file as read_file,
)
from .engine.devices import (
    choose_device as choose_device,
)
from .engine.devices import (
    list_devices as list_devices,
)
from .engine.heatmap import spread_map as spread_map
from .engine.inference import (
    calibrate as calibrate,
)
from .engine.inference import (
    compute_all_margins_and_maps as compute_all_margins_and_maps,
)
from .engine.inference import keeping_features as keeping_features
from .engine.predictor import (
    Predictor as Predictor,
)
from .engine.predictor import (
    Reading as Reading,
)
from .history.export import write_readings_csv as write_readings_csv
from .history.filters import (
    KNOWN_WORDS as KNOWN_WORDS,
)
from .history.filters import (
    NOT_KNOWN as NOT_KNOWN,
)
from .history.filters import (
    HistoryFilters as HistoryFilters,
)
from .history.pictures import (
    find_picture as find_picture,
)
from .history.pictures import (
    find_pictures_root as find_pictures_root,
)
from .history.pictures import (
    list_pictures as list_pictures,
)
from .history.pictures import owns_pictures as owns_pictures
from .history.pictures import (
    remove_picture as remove_picture,
)
from .history.read import (
    COUNT_READINGS_UP_TO as COUNT_READINGS_UP_TO,
)
from .history.read import (
    ReadingsPage as ReadingsPage,
)
from .history.read import (
    count_readings as count_readings,
)
from .history.read import (
    find_by_request_key as find_by_request_key,
)
from .history.read import (
    find_item_reading as find_item_reading,
)
from .history.read import (
    find_reading as find_reading,
)
from .history.read import (
    iterate_readings as iterate_readings,
)
from .history.read import (
    list_reading_values as list_reading_values,
)
from .history.read import (
    list_readings as list_readings,
)
from .history.record import (
    NewReading as NewReading,
)
from .history.record import (
    build_record as build_record,
)
from .history.record import (
    find_present as find_present,
)
from .history.record import (
    override_reading as override_reading,
)
from .history.record import (
    override_row as override_row,
)
from .history.record import (
    pictures_of as pictures_of,
)
from .history.record import (
    record_all as record_all,
)
from .history.record import (
    record_reading as record_reading,
)
from .history.record import (
    record_readings as record_readings,
)
from .history.records import (
    ReadingRecord as ReadingRecord,
)
from .keeping import (
    HistoryKeeper as HistoryKeeper,
)
from .keeping import (
    Keeping as Keeping,
)
from .keeping import (
    build_request_key as build_request_key,
)
from .keeping import (
    check_same_request as check_same_request,
)
from .loaded import (
    LoadedCheckpoint as LoadedCheckpoint,
)
from .loaded import (
    Shared as Shared,
)
from .loaded import (
    get_predictor as get_predictor,
)
from .loaded import (
    get_suitability_check as get_suitability_check,
)
from .stream import (
    NotRead as NotRead,
)
from .stream import (
    read_stream as read_stream,
)
from .suitability.check import SuitabilityCheck as SuitabilityCheck
from .suitability.corrections import correct_radiograph as correct_radiograph
from .suitability.findings import (
    Correction as Correction,
)
from .suitability.findings import (
    Finding as Finding,
)
from .suitability.findings import (
    Override as Override,
)
from .suitability.findings import (
    Severity as Severity,
)
from .suitability.findings import (
    Suitability as Suitability,
)
from .suitability.findings import (
    check_reason as check_reason,
)
from .suitability.findings import (
    decide_override as decide_override,
)
from .suitability.findings import (
    word_override as word_override,
)
from .suitability.fit import (
    fit_after_training as fit_after_training,
)
from .suitability.fit import (
    fit_references as fit_references,
)
from .suitability.measure import (
    measure_suitability as measure_suitability,
)
from .suitability.measure import (
    write_suitability_table as write_suitability_table,
)
