# Watches in the background, serves page and API in the foreground; both end together.
node_modules/.bin/headgate jobs watch --interval 60s &
WATCH=$!
trap 'kill -TERM $WATCH $SERVE 2>/dev/null; wait' TERM INT
node_modules/.bin/headgate serve --listen "0.0.0.0:$DATABRICKS_APP_PORT" &
SERVE=$!
wait $SERVE
CODE=$?
kill -TERM $WATCH 2>/dev/null
wait $WATCH
exit $CODE
