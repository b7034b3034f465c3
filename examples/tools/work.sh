# One piece of work a second, signed with a token that only this container has.
while sleep 1; do
  signature=$({ date; cat /run/secrets/token; } | sha256sum | cut -c 1-8)
  echo "$(date) $signature" >>/done/list
  echo "worked, signed $signature"
done
