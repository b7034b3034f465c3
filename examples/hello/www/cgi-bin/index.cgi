#!/bin/sh
visits=$(($(cat /visits/count 2>/dev/null || echo 0) + 1))
echo "$visits" >/visits/count

cat <<PAGE
Content-Type: text/html

<!doctype html>
<title>Hello</title>
<h1>Hello from Gantry</h1>
<p>You are visitor $visits.</p>
PAGE
