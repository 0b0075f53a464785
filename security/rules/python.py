# Lines the rules of python.yaml must find (ruleid) and must leave alone (ok). Never run.
import hashlib
import hmac
import os
import pickle
import smtplib
import ssl
import subprocess
import tempfile
import urllib.request

import httpx
import jinja2
import markupsafe
import requests
import sqlalchemy as sa
import yaml
from sqlalchemy import text

# ruleid: stdlib-xml
import xml.etree.ElementTree

# ruleid: stdlib-xml
from xml.dom import minidom

# ok: stdlib-xml
from xml.sax.saxutils import escape

# ok: stdlib-xml
from defusedxml import ElementTree

# ruleid: jose
from jose import jwt

# ruleid: guessable-random
import random

# ok: guessable-random
import secrets


def sql(session, name, value):
    # ruleid: sql-from-pieces
    session.execute(text(f"SELECT 1 FROM {name}"))
    # ruleid: sql-from-pieces
    session.execute(sa.text("SELECT 1 FROM " + name))
    # ruleid: sql-from-pieces
    session.execute("SELECT * FROM need WHERE title = '%s'" % value)
    # ruleid: sql-from-pieces
    session.execute("SELECT * FROM need WHERE title = '{}'".format(value))
    # ok: sql-from-pieces
    session.execute(text("SELECT 1 FROM need WHERE title = :title"), {"title": value})
    # ruleid: session-level-set
    session.execute(text("SET app.scope = '1'"))
    # ruleid: session-level-set
    session.execute(text("SELECT set_config('app.scope', :scope, false)"))
    # ok: session-level-set
    session.execute(text("SET LOCAL lock_timeout = '1s'"))
    # ok: session-level-set
    session.execute(text("SELECT set_config('app.scope', :scope, true)"))


def programs(name):
    # ruleid: shell
    subprocess.run(f"ls {name}", shell=True)
    # ruleid: shell
    os.system(name)
    # ok: shell
    subprocess.run(["ls", name], check=True)
    # ruleid: run-text
    eval(name)


def reading(data, archive):
    # ruleid: pickle
    pickle.loads(data)
    # ruleid: yaml-load
    yaml.load(data)
    # ok: yaml-load
    yaml.safe_load(data)
    # ruleid: unpacked-by-name
    archive.extractall("/srv")
    # ok: unpacked-by-name
    archive.read("xl/workbook.xml")
    # ruleid: guessable-file
    tempfile.mktemp()
    # ok: guessable-file
    tempfile.mkdtemp()


def digests(data, key, told):
    # ruleid: broken-hash
    hashlib.md5(data)
    # ruleid: broken-hash
    hashlib.new("sha1", data)
    # ok: broken-hash
    hashlib.sha256(data)
    # ruleid: compared-in-the-open
    hmac.new(key, data, "sha256").hexdigest() == told
    # ok: compared-in-the-open
    hmac.compare_digest(hmac.new(key, data, "sha256").hexdigest(), told)


def outside(url, context):
    # ruleid: no-timeout
    requests.get(url)
    # ok: no-timeout
    requests.get(url, timeout=5)
    # ruleid: no-timeout
    httpx.get(url, timeout=None)
    # ok: no-timeout
    httpx.get(url, timeout=5)
    # ruleid: no-timeout
    urllib.request.urlopen(url)
    # ruleid: no-timeout
    smtplib.SMTP("mail.example")
    # ok: no-timeout
    smtplib.SMTP("mail.example", timeout=5)
    # ruleid: unverified-tls
    httpx.get(url, verify=False)
    # ruleid: unverified-tls
    context.verify_mode = ssl.CERT_NONE


def pages(value, app, answer):
    # ruleid: unescaped-html
    jinja2.Environment(autoescape=False)
    # ok: unescaped-html
    jinja2.Environment(autoescape=True)
    # ruleid: unescaped-html
    markupsafe.Markup(f"<b>{value}</b>")
    # ok: unescaped-html
    markupsafe.Markup("<b>{}</b>")
    # ruleid: any-origin
    app.add_middleware(CORSMiddleware, allow_origins=["*"])
    # ruleid: cookie-in-reach
    answer.set_cookie("park_at", value)
    # ok: cookie-in-reach
    answer.set_cookie("park_at", value, httponly=True, samesite="lax")


def logs(log, value):
    # ruleid: values-in-log-format
    log.info(f"signed in: {value}")
    # ok: values-in-log-format
    log.info("signed in: %s", value)
