// Why an entity was not taken, or was taken with doubts: machine-readable, counted per message, never fatal (A15, A17). The words follow
// OpenTripPlanner's UpdateErrorType where it has one.

/** The entity changes nothing. */
export type Rejection =
  | 'invalid_descriptor' // names no trip at all (B14)
  | 'trip_not_found'
  | 'ambiguous_trip' // route, direction and start fit several trips (B2)
  | 'no_service_on_date' // B12
  | 'bad_start_date' // B13
  | 'bad_start_time'
  | 'start_time_missing' // a frequency run is named by its start (G1)
  | 'freq_start_mismatch' // G2
  | 'no_trip_id_needs_times' // B9
  | 'no_updates' // F1
  | 'bad_stop_refs' // more than half of the stops are unknown to the trip (C2)
  | 'times_run_back' // by more than 120 s (D10): shown as "no data"
  | 'duplicate_trip_update' // B15
  | 'duplicate_entity_id' // A8
  | 'other_source' // a source before this one speaks of the run
  | 'deleted_in_full_dataset' // A7
  | 'empty_entity' // A9
  | 'unsupported_entity' // shapes, stops, trip modifications
  | 'modified_trip_unsupported' // B16
  | 'added_unsupported'
  | 'unscheduled_unsupported'
  | 'replacement_unsupported'
  | 'duplicated_unsupported'
  | 'alert_without_selector' // J5
  | 'older_position' // I14
  | 'duplicate_vehicle' // I6

/** The entity was taken all the same. */
export type Warning =
  | 'version' // A2
  | 'no_timestamp' // A3
  | 'static_mismatch' // the feed speaks of another version of the timetable (A16)
  | 'same_timestamp' // other content (K2)
  | 'clock_skew' // more than 60 s ahead (K8)
  | 'clock_reset' // accepted a step back (K1)
  | 'route_mismatch' // B10
  | 'direction_mismatch'
  | 'start_time_mismatch' // B11
  | 'date_shifted' // calendar date instead of service day (B4)
  | 'bad_stop_ref' // that stop skipped (C2)
  | 'no_stop_ref' // C3
  | 'stop_mismatch' // sequence and id disagree (C6)
  | 'repeated_stop' // C8
  | 'stop_unscheduled' // E9
  | 'no_times' // E1
  | 'time_in_milliseconds' // A14
  | 'time_out_of_range' // D13
  | 'repaired' // D10
  | 'bad_assigned_stop' // H2
  | 'bad_selector' // J5–J9
  | 'bad_position' // I4
  | 'vehicle_without_run' // I1

/** Why a message as a whole was not taken; the state stays as it was. */
export type Refusal =
  | 'unreadable'
  | 'differential_unsupported'
  | 'went_backwards'
  | 'future_timestamp'
  | 'bad_timestamp'

/** Counts by reason. */
export class Tally<R extends string> {
  private readonly counts = new Map<R, number>()
  add(reason: R, n = 1): void {
    if (n > 0) this.counts.set(reason, (this.counts.get(reason) ?? 0) + n)
  }
  toRecord(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.counts].sort(([a], [b]) => (a < b ? -1 : 1)))
  }
}
