"""How gunicorn serves the application; the command line and GUNICORN_CMD_ARGS go before what stands here."""

import os

bind = "127.0.0.1:8000"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 4
timeout = 60
graceful_timeout = 20
keepalive = 5
# Memory that an export has grown goes back in time; the jitter keeps workers from leaving together.
max_requests = 5000
max_requests_jitter = 500
# Each worker opens its own database connections: a preloaded application would share them through fork.
preload_app = False
# The control socket would lie in the home folder of whoever starts the server.
control_socket_disable = True
# The application writes one structured line per request; gunicorn's own access log would repeat it.
accesslog = None
errorlog = "-"
loglevel = "info"
if os.environ.get("APP_ENV") == "production":  # gunicorn's own lines in the form of the application's
    logconfig_dict = {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "app.infra.logs.json_formatter"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"level": "INFO", "handlers": ["stderr"]},
        "loggers": {"gunicorn.error": {"level": "INFO", "propagate": True, "handlers": []}},
    }
