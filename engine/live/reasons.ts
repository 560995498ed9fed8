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
  | 'modification_not_found' // a modified trip that no TripModifications makes (B16)
  | 'bad_modification' // a span that is not in the trip, an unknown stop (H11, H12)
  | 'second_modification' // of one run on one day (H10)
  | 'trip_already_exists' // NEW with a trip_id of the timetable (F6, F16)
  | 'added_twice' // ADDED beside the NEW or DUPLICATED that it is (F15)
  | 'route_not_found' // F9
  | 'stop_not_found' // the first or last of an added run (F7)
  | 'times_missing' // an added run without an absolute time at a stop (F8)
  | 'outside_service_period' // F10
  | 'outside_service_day' // an added run more than 48 h after its day began (D13)
  | 'too_few_stops' // F7
  | 'implausible_speed' // F13, D24: of a run of the timetable shown as "no data"
  | 'implausibly_early' // leaves its first stop long before it is planned to (D25): shown as "no data"
  | 'no_room' // more added runs than the timetable has room for
  | 'alert_without_selector' // J5
  | 'older_position' // I14
  | 'future_position' // more than ten minutes ahead of its message (I14)
  | 'duplicate_vehicle' // I6

/** The entity was taken all the same. */
export type Warning =
  | 'version' // A2
  | 'no_timestamp' // A3
  | 'no_incrementality' // of a 2.0 message: taken as FULL_DATASET (A3)
  | 'static_mismatch' // the feed speaks of another version of the timetable (A16)
  | 'same_timestamp' // other content (K2)
  | 'clock_skew' // more than 60 s ahead (K8)
  | 'old_message' // more than 65 s old when it came (K3)
  | 'slow_refresh' // more than 35 s younger than the one before it (K3)
  | 'clock_reset' // accepted a step back (K1)
  | 'route_mismatch' // B10
  | 'direction_mismatch'
  | 'start_time_mismatch' // B11
  | 'date_shifted' // calendar date instead of service day (B4)
  | 'bad_stop_ref' // that stop skipped (C2)
  | 'no_stop_ref' // C3
  | 'stop_mismatch' // sequence and id disagree (C6)
  | 'unsorted_stops' // C7
  | 'platform_by_skipping' // one stop_sequence both skipped and served: a change of platform
  | 'repeated_stop' // C8
  | 'stop_unscheduled' // E9
  | 'no_times' // E1
  | 'scheduled_time_ignored' // of a run of the timetable (D18)
  | 'time_in_milliseconds' // A14
  | 'time_out_of_range' // D13
  | 'repaired' // D10
  | 'bad_assigned_stop' // H2
  | 'bad_selector' // J5–J9
  | 'bad_shape' // H8: the run keeps its stops, not this line
  | 'bad_stop' // H9: without id, name or place
  | 'stop_exists' // H9: the timetable has one of this id
  | 'no_room_for_stop' // more stops than the timetable has room for
  | 'stop_too_long' // its texts do not fit
  | 'bad_service_date'
  | 'duplicate_of_idle_trip' // F20
  | 'replaced_and_modified' // H19
  | 'delay_without_schedule' // of a run "about every …" (G1)
  | 'bad_position' // I4
  | 'bad_bearing' // I4
  | 'implausible_vehicle_speed' // a bus that says less than 0 or more than 26 m/s, or two of whose positions mean more (I4)
  | 'undated_position' // the message's time counts (I3)
  | 'no_position' // I16
  | 'vehicle_without_run' // I1
  | 'vehicle_elsewhere' // the stop it names is not one of its trip's (I12)
  | 'off_route' // more than 200 m from its trip's line (I5)
  | 'other_vehicle' // its trip's update names another one (I7)
  | 'bad_carriages' // I11
  | 'kept_in_collapse' // runs that the feed lost while they were under way, most of them at once (A18)

/** Why a message as a whole was not taken; the state stays as it was. */
export type Refusal =
  | 'unreadable'
  | 'differential_unsupported'
  | 'went_backwards'
  | 'future_timestamp'
  | 'bad_timestamp'

/** A source that does not let us in (401, 403): nothing will help but other credentials. */
export const AUTH_FAILED = 'AUTH_FAILED'

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
