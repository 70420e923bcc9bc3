#!/bin/sh
# A certificate for a trial: ./config/proxy/self-signed.sh FOLDER [HOST]. Browsers will warn; use a real one for the public.
set -eu
folder=${1:?usage: self-signed.sh FOLDER [HOST]}
host=${2:-localhost}
mkdir -p "$folder"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 90 -subj "/CN=$host" \
    -addext "subjectAltName=DNS:$host" -keyout "$folder/privkey.pem" -out "$folder/fullchain.pem" 2> /dev/null
chmod 0444 "$folder/privkey.pem" "$folder/fullchain.pem"
echo "certificate for $host in $folder, valid for 90 days"
