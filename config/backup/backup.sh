#!/bin/bash
# Backups of the server: database (custom format) and file store, with checksums, rotated.
#   backup.sh nightly        waits for the hour in CITTA_BACKUP_HOUR (UTC), makes one, rotates, for ever
#   backup.sh once           makes one now and rotates
#   backup.sh verify [NAME]  checks one backup against its checksums; the newest if none is named
#   backup.sh fresh          succeeds if a backup was finished in the last 26 hours (health check)
#   backup.sh restore NAME   puts a backup back; refuses while anybody is connected
# A backup is a folder named by its moment; it has this name only after everything in it was checked.
set -euo pipefail
umask 077

backups=${CITTA_BACKUPS:?}
filestore=${CITTA_FILESTORE:?}
hour=${CITTA_BACKUP_HOUR:-2}

say() { printf '%s %s\n' "$(date -u +%FT%TZ)" "$*"; }
die() { say "error: $*" >&2; exit 1; }

password() {
    if [[ -n ${CITTA_PASSWORD_FILE:-} ]]; then
        PGPASSWORD="$(< "$CITTA_PASSWORD_FILE")"
        export PGPASSWORD
    fi
}

# Names of finished backups, oldest first.
finished() { find "$backups" -mindepth 1 -maxdepth 1 -type d -name '20*Z' -printf '%f\n' | sort; }

verify() {
    local name=${1:-$(finished | tail -n 1)}
    [[ -n $name && -d $backups/$name ]] || die "there is no backup ${name:-at all}"
    (cd "$backups/$name" && sha256sum --check --quiet --strict SHA256SUMS) || die "backup $name is damaged"
    pg_restore --list "$backups/$name/database.dump" > /dev/null || die "the dump of $name cannot be read"
    say "backup $name is whole"
}

# The database goes first: Odoo never changes a stored file, so each file that the dump knows is still there afterwards.
once() {
    local name part
    name=$(date -u +%Y-%m-%dT%H%M%SZ)
    part=$backups/.part-$name
    find "$backups" -mindepth 1 -maxdepth 1 -name '.part-*' -exec rm -rf {} +
    mkdir "$part"
    pg_dump --format=custom --no-owner --file="$part/database.dump"
    mkdir -p "$part/empty"
    tar --create --gzip --file="$part/filestore.tar.gz" --directory="$(filestore_or "$part/empty")" .
    rmdir "$part/empty"
    (cd "$part" && sha256sum database.dump filestore.tar.gz > SHA256SUMS)
    sync "$part"/*
    mv "$part" "$backups/$name"
    verify "$name"
    date -u +%s > "$backups/last-success"
    rotate
}

# A programme that has stored no file yet has no file store.
filestore_or() { if [[ -d $filestore ]]; then echo "$filestore"; else echo "$1"; fi; }

# Keeps the newest of each of the last days, ISO weeks and months; what nothing keeps goes, never the newest of all.
rotate() {
    local name
    for name in $(finished | head -n -1 | grep --invert-match --line-regexp --fixed-strings --file=<(finished | tac | kept)); do
        rm -rf "${backups:?}/$name"
        say "rotated $name out"
    done
}

# Reads names, newest first; writes those to keep.
kept() {
    local names name day week month period key
    declare -A seen=() count=([day]=0 [week]=0 [month]=0)
    declare -A limit=([day]=${CITTA_BACKUP_DAILY:-7} [week]=${CITTA_BACKUP_WEEKLY:-5} [month]=${CITTA_BACKUP_MONTHLY:-12})
    names=$(cat)
    paste -d ' ' <(echo "$names") <(sed 's/T.*//' <<< "$names" | date -u -f - '+%F %GW%V %Y-%m') |
    while read -r name day week month; do
        for period in day week month; do
            key=$period:${!period}
            if [[ -z ${seen[$key]:-} ]] && (( count[$period] < limit[$period] )); then
                count[$period]=$(( count[$period] + 1 ))
                echo "$name"
            fi
            seen[$key]=1
        done
    done
}

fresh() {
    local last
    last=$(cat "$backups/last-success" 2> /dev/null || echo 0)
    (( $(date -u +%s) - last < 26 * 3600 )) || die "no backup in the last 26 hours"
}

nightly() {
    local now next
    while true; do
        now=$(date -u +%s)
        next=$(date -u -d "today $hour:00" +%s)
        (( next > now )) || next=$(date -u -d "tomorrow $hour:00" +%s)
        say "next backup at $(date -u -d "@$next" +%FT%TZ)"
        sleep $(( next - now )) & wait $!
        # a new process: "set -e" does not hold inside an "if", and one failed night must not end the service
        if ! bash "${BASH_SOURCE[0]}" once; then
            say "error: the backup failed; the next try is tomorrow" >&2
        fi
    done
}

# The role owns everything but the two extensions and the schema, which stay.
restore() {
    local name=${1:?usage: restore NAME} others list
    verify "$name"
    others=$(psql --no-psqlrc --tuples-only --no-align --command \
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
    [[ $others == 0 ]] || die "$others connections to the database are open: stop odoo and backup first"
    list=$(mktemp)
    pg_restore --list "$backups/$name/database.dump" | grep -Ev ' (EXTENSION|SCHEMA|COMMENT) - ' > "$list"
    replacement "$name" "$list" | psql --no-psqlrc --quiet --output=/dev/null --set ON_ERROR_STOP=1
    restore_files "$name"
    say "restored $name"
}

# One transaction: a dump that breaks off leaves no COMMIT behind, and the database as it was.
replacement() {
    echo 'BEGIN; DROP OWNED BY CURRENT_USER CASCADE;'
    pg_restore --no-owner --no-privileges --use-list="$2" --file=- "$backups/$1/database.dump"
    echo 'COMMIT;'
}

# The old files stay aside until somebody removes them.
restore_files() {
    mkdir -p "$(dirname "$filestore")"
    if [[ -d $filestore ]]; then
        mv "$filestore" "$filestore.before-$(date -u +%Y%m%dT%H%M%SZ)"
    fi
    mkdir "$filestore"
    tar --extract --gzip --file="$backups/$1/filestore.tar.gz" --directory="$filestore"
}

trap 'exit 0' TERM INT
password
case ${1:-} in
    nightly | once | verify | fresh | restore) command=$1; shift; "$command" "$@" ;;
    *) die "usage: backup.sh nightly | once | verify [NAME] | fresh | restore NAME" ;;
esac
