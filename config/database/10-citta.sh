#!/bin/bash
# Runs once, when the database volume is empty: the role and the database of Odoo.
# The role is no superuser, so the extensions Odoo searches with are made here; unaccent must be immutable to be indexed.
set -euo pipefail

password="$(< /run/secrets/db_password)"
psql --set ON_ERROR_STOP=1 --set password="$password" --username "$POSTGRES_USER" --dbname postgres <<'SQL'
CREATE ROLE citta LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
CREATE DATABASE citta OWNER citta TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8';
REVOKE ALL ON DATABASE citta FROM PUBLIC;
\connect citta
CREATE EXTENSION pg_trgm;
CREATE EXTENSION unaccent;
ALTER FUNCTION unaccent(text) IMMUTABLE;
SQL
