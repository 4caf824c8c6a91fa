"""Settings: environment variables, read once, checked before anything starts. The README has the table."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet

MIN_SECRET = 32


class SettingsError(Exception):
    """The settings do not do; the message says which and how."""


@dataclass(frozen=True)
class Settings:
    """Everything that differs from office to office."""

    secret_key: str
    data_keys: tuple[str, ...]
    database_url: str
    host: str = "127.0.0.1"
    port: int = 8000
    demo: bool = False
    demo_password: str = ""
    secure_cookies: bool = True
    trusted_proxies: int = 0
    workers: int = 2


def from_environment(env: Mapping[str, str], folder: Path) -> Settings:
    """Read the settings; ``folder`` is where a demonstration keeps its database and secrets.

    Raises ``SettingsError``: without ``DEMO=1`` nothing secret has a default.
    """
    demo = env.get("DEMO") == "1"
    known = _demo_secrets(folder) if demo else {}
    secret = env.get("SECRET_KEY") or known.get("secret_key", "")
    keys = tuple(filter(None, (env.get("DATA_KEYS") or known.get("data_key", "")).replace(",", " ").split()))
    if len(secret) < MIN_SECRET or len(set(secret)) < 8:
        raise SettingsError(
            f"SECRET_KEY 没有设置，或者太短、太简单（至少 {MIN_SECRET} 个随机字符，可用 make key 生成）"
        )
    if not keys:
        raise SettingsError("DATA_KEYS 没有设置：加密个人信息的密钥，可用 make key 生成，务必另行妥善保存")
    url = env.get("DATABASE_URL") or (f"sqlite:///{folder / 'demo.sqlite3'}" if demo else "")
    if not url:
        raise SettingsError("DATABASE_URL 没有设置，如 postgresql://用户:密码@主机/库 或 sqlite:////路径/库.sqlite3")
    return Settings(
        secret_key=secret,
        data_keys=keys,
        database_url=url,
        host=env.get("HOST", "127.0.0.1"),
        port=_number(env, "PORT", 8000, 1, 65535),
        demo=demo,
        demo_password=env.get("DEMO_PASSWORD") or known.get("demo_password", ""),
        secure_cookies=env.get("SECURE_COOKIES", "0" if demo else "1") == "1",
        trusted_proxies=_number(env, "TRUSTED_PROXIES", 0, 0, 10),
        workers=_number(env, "WORKERS", 2, 1, 64),
    )


def _number(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = env.get(name, str(default))
    if not text.isdigit() or not low <= int(text) <= high:
        raise SettingsError(f"{name} 须是 {low} 到 {high} 的整数，现为“{text}”")
    return int(text)


def _demo_secrets(folder: Path) -> dict[str, str]:
    """The demonstration's own secrets, made at its first start and kept beside its database."""
    path = folder / "secrets.json"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        made = {
            "secret_key": secrets.token_urlsafe(48),
            "data_key": Fernet.generate_key().decode(),
            "demo_password": secrets.token_urlsafe(9),
        }
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(made), "utf-8")
        draft.replace(path)
    return dict(json.loads(path.read_text("utf-8")))
