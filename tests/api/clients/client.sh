#!/usr/bin/env bash
# A client of the API for the terminal, with curl: signs in, stays in, proves presence when asked.
#
#   client.sh sign-in ada@example.com
#   client.sh GET /me
#   client.sh PATCH /me '{"name": "Ada"}'
#   client.sh sign-out
#
# API says where the API begins, TOKENS which file keeps the tokens. Needs curl, jq and flock.
# Passwords are asked for, or read from standard input. Nothing secret is an argument of a program:
# `ps` shows those to everybody on the machine.
set -euo pipefail
umask 077 # what is written here opens an account

API=${API:-http://localhost:8000/api/v1}
TOKENS=${TOKENS:-$HOME/.api-tokens.json}
[ -s "$TOKENS" ] || echo '{}' >"$TOKENS"

kept() { jq --raw-output ".$1 // empty" "$TOKENS"; }
code() { jq --raw-output '.code? // empty' <<<"${body:-null}"; }
fail() { echo "$1" >&2 && exit 1; }

# ask METHOD PATH TOKEN BODY: leaves $status and $body behind.
ask() {
    local options=() answer
    [ -z "$4" ] || options=(--header 'Content-Type: application/json' --data-binary @-)
    answer=$(printf %s "$4" | curl --silent --show-error --max-time 10 --request "$1" \
        --config <([ -z "$3" ] || printf 'header = "Authorization: Bearer %s"\n' "$3") \
        --write-out '\n%{http_code}' "${options[@]}" "$API$2")
    status=${answer##*$'\n'} body=${answer%$'\n'*}
}

# Written beside and moved into place, so that another one never reads half a file.
merge() {
    jq --slurp add "$TOKENS" - >"$TOKENS.new"
    mv "$TOKENS.new" "$TOKENS"
}

keep() {
    [ "$status" = 200 ] || fail "$(jq --raw-output .detail <<<"$body")"
    merge <<<"$body"
}

# Of many that run at once, one fetches new tokens. The others wait and take what it got.
replace() {
    exec 9>"$TOKENS.lock"
    flock 9
    [ "$(kept access_token)" != "$1" ] || "$2"
    exec 9>&-
}

ask_password() {
    IFS= read -r -s -p "Password of $(kept email): " password || [ -n "$password" ] ||
        fail 'The sign-in has ended, and nobody is there to type the password.'
}

sign_in() {
    ask_password
    ask POST /auth/token '' "$(printf %s "$password" |
        jq --compact-output --raw-input --slurp --slurpfile kept "$TOKENS" \
            '{password: .} + ($kept[0] | with_entries(select(.key == "email" or .key == "device")))')"
    keep
}

renew() {
    ask POST /auth/refresh '' "$(jq --compact-output '{refresh_token}' "$TOKENS")"
    if [ "$status" = 401 ]; then sign_in; else keep; fi
}

prove() {
    ask_password
    ask POST /auth/reauthenticate "$(kept access_token)" \
        "$(printf %s "$password" | jq --compact-output --raw-input --slurp '{password: .}')"
    keep
}

# call METHOD PATH [BODY]: what has a cure is cured, and the request sent again.
call() {
    local sent
    for _ in 1 2 3; do
        sent=$(kept access_token)
        ask "$1" "$2" "$sent" "${3-}"
        case $(code) in
            invalid_token) replace "$sent" renew ;;
            reauthentication_required) replace "$sent" prove ;;
            *) break ;;
        esac
    done
    [ -z "$body" ] || printf '%s\n' "$body"
    [ "$status" -lt 400 ]
}

case ${1-} in
    sign-in)
        jq --null-input --arg email "$2" '{$email}' | merge
        sign_in
        ;;
    sign-out)
        call POST /auth/logout
        rm -f "$TOKENS" "$TOKENS.lock"
        ;;
    GET | POST | PUT | PATCH | DELETE) call "$@" ;;
    *)
        sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2
        exit 2
        ;;
esac
