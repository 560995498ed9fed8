// One station as a feed tells it, for the tests of its inside: a street entrance with stairs and an elevator, a gate, three platforms, of
// which one has no pathway, and a stop across the street.
//
//   X   E ══ stairs 30 s, elevator L1 60 s ══ M ══ gate ══ C ══ walkway 20 s ══ P1
//   (bus)                                                  C ══ stairs 25 s, elevator L2 50 s ══ P2          P3

import { type Files, load } from '../helpers/gtfs.ts'

export const stationFiles: Files = {
  'stops.txt': `stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station,level_id
S,Station,51.5000,7.4000,1,,
E,Entrance,51.5000,7.4000,2,S,street
M,,51.5000,7.4002,3,S,hall
C,,51.5000,7.4003,3,S,hall
P1,Station,51.5001,7.4003,0,S,deep
P2,Station,51.5001,7.4004,0,S,deep
P3,Station,51.5001,7.4005,0,S,deep
X,Bus,51.5005,7.4000,0,,
Y,Far,51.6000,7.5000,0,,
Z,Farther,51.7000,7.5000,0,,
`,
  'levels.txt': 'level_id,level_index,level_name\nstreet,0,Street\nhall,-1,Hall\ndeep,-2.5,Trains\n',
  'pathways.txt': `pathway_id,from_stop_id,to_stop_id,pathway_mode,is_bidirectional,traversal_time,stair_count
st1,E,M,2,1,30,40
L1,E,M,5,1,60,
in,M,C,6,0,2,
out,C,M,7,1,2,
w1,C,P1,1,1,20,
st2,C,P2,2,1,25,30
L2,C,P2,5,1,50,
bad,C,nowhere,1,1,5,
none,C,P3,9,1,5,
`,
  'routes.txt': 'route_id,agency_id,route_short_name,route_type\nU1,a,U1,1\nU2,a,U2,1\nB,a,B,3\nU3,a,U3,1\n',
  'trips.txt': 'route_id,service_id,trip_id\nU1,wk,t1\nU2,wk,t2\nB,wk,t3\nU3,wk,t4\n',
  'stop_times.txt': `trip_id,arrival_time,departure_time,stop_id,stop_sequence
t1,09:50:00,09:50:00,Z,1
t1,10:00:00,10:00:00,P1,2
t2,10:05:00,10:05:00,P2,1
t2,10:15:00,10:15:00,Y,2
t3,10:10:00,10:10:00,X,1
t3,10:30:00,10:30:00,Y,2
t4,10:10:00,10:10:00,P3,1
t4,10:15:00,10:15:00,Y,2
`,
}

export const loadStation = (changes: Files = {}) => load({ ...stationFiles, ...changes })
