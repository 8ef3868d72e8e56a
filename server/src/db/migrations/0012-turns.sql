-- The turn of the shard that was claimed last, whosever it was: there new scans line up (core/schedule/take-turns).
create sequence shard_turn minvalue 0 start 0;
grant select, update on sequence shard_turn to netdelta_app;
