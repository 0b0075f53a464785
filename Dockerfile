# Build: the page with the Node that comes from PyPI, and the locked Python packages.
FROM python:3.13-slim-trixie AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy \
    UV_PYTHON_DOWNLOADS=never \
    PARK_WEB=require
WORKDIR /srv/park
RUN ["pip", "install", "uv==0.13.9"]
COPY pyproject.toml uv.lock README.md ./
RUN ["uv", "sync", "--frozen", "--no-dev", "--no-install-project"]
COPY . .
RUN ["uv", "sync", "--frozen", "--no-dev", "--no-editable"]

# Run: no compiler, no Node, no root.
FROM python:3.13-slim-trixie
RUN ["useradd", "--system", "--uid", "10001", "--home-dir", "/var/lib/park", "--create-home", "park"]
COPY --from=build /srv/park/.venv /srv/park/.venv
ENV PATH=/srv/park/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PARK_HOME=/var/lib/park \
    PARK_HOST=0.0.0.0 \
    PARK_PORT=8000
USER 10001
WORKDIR /var/lib/park
VOLUME /var/lib/park
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["park", "serve"]
