-- Who opened a paper, and who tried to, is only ever added to, as the trail is.
SELECT let_only_grow('access_log');
