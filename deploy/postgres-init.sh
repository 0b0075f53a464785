#!/bin/sh
# Runs once, in an empty database folder: the owner that migrates. Park makes its own login roles.
set -eu
psql --set=ON_ERROR_STOP=1 --set=password="$PARK_OWNER_PASSWORD" \
    --username="${POSTGRES_USER:-postgres}" --dbname=postgres <<'SQL'
create role park_owner login createrole bypassrls password :'password';
create database park owner park_owner encoding 'UTF8' template template0;
revoke all on database park from public;
SQL
