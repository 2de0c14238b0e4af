# Service mode: one image for web, worker and beat. No secret is in it; compose passes the environment.
FROM python:3.11-slim AS build
WORKDIR /site
COPY requirements/runtime.txt requirements/runtime.txt
RUN python -m venv .venv \
    && .venv/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements/runtime.txt

FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 PATH=/site/.venv/bin:$PATH DJANGO_SETTINGS_MODULE=cms.settings.production \
    VAR_DIR=/data HOST=0.0.0.0
RUN useradd --system --uid 10001 --create-home site && mkdir /data && chown site /data
WORKDIR /site
COPY --from=build /site/.venv .venv
COPY . .
USER site
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=40s \
    CMD python scripts/probe.py http://127.0.0.1:8000/healthz
CMD ["gunicorn", "--config", "gunicorn.conf.py", "cms.wsgi"]
