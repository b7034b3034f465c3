#!/bin/sh
visits=$(($(cat /visits/count 2>/dev/null || echo 0) + 1))
echo "$visits" >/visits/count

printf 'Content-Type: text/html\r\n\r\n'
cat <<PAGE
<!doctype html>
<title>Hello</title>
<h1>Hello from Gantry</h1>
<p>You are visitor $visits.</p>
PAGE
