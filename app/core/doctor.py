"""`park doctor`: is this installation sound? The machine here, the database next door."""

import contextlib
import http.client
import os
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.core.database_checks import examine_database
from app.core.findings import Finding
from app.core.labels import T
from app.core.mail import MailFailed, Server
from app.core.settings import Settings, get_settings
from app.core.spa import built_page

GIB = 1024**3
DISK_BAD, DISK_WARN = 1 * GIB, 5 * GIB
OLDEST_PYTHON = (3, 11)


def examine(unwalled: frozenset[str] = frozenset()) -> list[Finding]:
    """Run every check; `unwalled` names the tables that need no row-level security."""
    settings = get_settings()
    return [
        python_version(),
        disk_space(settings),
        *home_folder(settings),
        secret_key(settings),
        *examine_database(settings, unwalled),
        time_zones(),
        fonts(),
        web_page(),
        port(settings),
        mail_server(settings),
        second_factor(settings),
        chromium(),
    ]


def second_factor(settings: Settings) -> Finding:
    """Say whether staff and administrators sign in by two factors; only a demo may do without."""
    if settings.second_factor_required:
        seen = T(
            "工作人员和管理员须使用动态验证码", "Staff and administrators need a second factor"
        )
        return Finding("second_factor", "ok", seen)
    return Finding(
        "second_factor",
        "warn",
        T("动态验证码未启用", "Second factors are off"),
        T(
            "仅限演示：正式使用前请设置 PARK_SECOND_FACTOR=required。",
            "For demonstrations only: set PARK_SECOND_FACTOR=required before real use.",
        ),
    )


def mail_server(settings: Settings) -> Finding:
    """Look at the settings of mail; whether the server answers shows with the first letter."""
    if settings.smtp_url is None:
        return Finding(
            "mail",
            "ok",
            T("未配置邮件，邀请链接由工作人员复制", "No mail: invitation links are copied by hand"),
        )
    try:
        server = Server.of(settings.smtp_url.get_secret_value())
    except MailFailed:
        return Finding(
            "mail",
            "bad",
            T(
                "PARK_SMTP_URL 不是有效的邮件服务器地址",
                "PARK_SMTP_URL is no mail server's address",
            ),
            T(
                "例如 smtps://user:password@mail.example.cn:465",
                "Like smtps://user:password@host:465",
            ),
        )
    return Finding(
        "mail",
        "warn" if settings.public_url is None else "ok",
        T("邮件服务器 {host}:{port}", "Mail server {host}:{port}"),
        T(
            "请设置 PARK_PUBLIC_URL，否则邮件中的链接在别的电脑上打不开。",
            "Set PARK_PUBLIC_URL: the links in the letters lead to this machine only.",
        ),
        {"host": server.host, "port": server.port},
    )


def python_version() -> Finding:
    found = ".".join(str(part) for part in sys.version_info[:3])
    return Finding(
        "python",
        "ok" if sys.version_info[:2] >= OLDEST_PYTHON else "bad",
        T("Python {found}", "Python {found}"),
        T("请安装 Python 3.11 或更高版本。", "Install Python 3.11 or newer."),
        {"found": found},
    )


def disk_space(settings: Settings) -> Finding:
    place = next(folder for folder in [settings.home, *settings.home.parents] if folder.exists())
    free = shutil.disk_usage(place).free
    return Finding(
        "disk",
        "bad" if free < DISK_BAD else "warn" if free < DISK_WARN else "ok",
        T("磁盘剩余 {free:.1f} GB（{home}）", "{free:.1f} GB free at {home}"),
        T(
            "请清理磁盘，或把 PARK_HOME 移到更大的磁盘。磁盘写满时不会丢数据，但无法保存新内容。",
            "Free some space, or move PARK_HOME to a larger disk. A full disk loses nothing, "
            "but nothing new can be saved.",
        ),
        {"free": free / GIB, "home": settings.home},
    )


def home_folder(settings: Settings) -> Iterator[Finding]:
    home, params = settings.home, {"home": settings.home}
    if not home.is_dir():
        yield Finding(
            "home",
            "warn",
            T("数据文件夹 {home} 还不存在", "The data folder {home} does not exist yet"),
            T("首次运行 park serve 时会自动创建。", "The first `park serve` makes it."),
            params,
        )
        return
    yield Finding(
        "home",
        "ok" if os.access(home, os.W_OK | os.X_OK) else "bad",
        T("数据文件夹 {home} 可写入", "The data folder {home} can be written")
        if os.access(home, os.W_OK | os.X_OK)
        else T("数据文件夹 {home} 不可写入", "The data folder {home} cannot be written"),
        T("请把该文件夹交给运行本系统的用户。", "Give it to the user Park runs as."),
        params,
    )
    mode = stat.S_IMODE(home.stat().st_mode)
    yield Finding(
        "home_mode",
        "bad" if mode & 0o066 else "ok",
        T("数据文件夹权限 {mode}", "The data folder has mode {mode}"),
        T(
            "其他用户可以读写。请执行 chmod go-rw {home}",
            "Others may read or write: chmod go-rw {home}",
        ),
        params | {"mode": f"{mode:o}"},
    )


def secret_key(settings: Settings) -> Finding:
    file = settings.secret_key_file
    params = {"file": file}
    if settings.secret_key is not None:
        return Finding("secret_key", "ok", T("密钥来自 PARK_SECRET_KEY", "Key: PARK_SECRET_KEY"))
    if not file.is_file():
        return Finding(
            "secret_key",
            "warn",
            T("密钥文件 {file} 还不存在", "The key file {file} does not exist yet"),
            T(
                "首次启动时会自动生成；请与备份分开保存。",
                "The first start makes it; keep a copy apart from the backups.",
            ),
            params,
        )
    mode = stat.S_IMODE(file.stat().st_mode)
    return Finding(
        "secret_key",
        "bad" if mode & 0o077 else "ok",
        T("密钥文件 {file} 权限 {mode}", "The key file {file} has mode {mode}"),
        T("其他用户可以读取。请执行 chmod 600 {file}", "Others may read it: chmod 600 {file}"),
        params | {"mode": f"{mode:o}"},
    )


def time_zones() -> Finding:
    try:
        ZoneInfo("Asia/Shanghai")
    except ZoneInfoNotFoundError:
        found = False
    else:
        found = True
    return Finding(
        "time_zones",
        "ok" if found else "bad",
        T("时区数据完整", "Time zone data is present")
        if found
        else T("缺少时区数据", "Time zone data is missing"),
        T("请安装 tzdata。", "Install tzdata."),
    )


def fonts() -> Finding:
    program = shutil.which("fc-list")
    listed = b""
    if program:
        asked = [program, ":lang=zh", "family"]
        listed = subprocess.run(asked, capture_output=True, check=False, timeout=30).stdout  # noqa: S603
    return Finding(
        "fonts",
        "ok" if listed.strip() else "warn",
        T("已安装中文字体", "Chinese fonts are installed")
        if listed.strip()
        else T("没有找到中文字体", "No Chinese fonts were found"),
        T(
            "服务器端生成的图片和 PDF 会缺字，请执行 apt-get install fonts-noto-cjk",
            "Pictures and PDF made on the server would lack characters: apt-get install"
            " fonts-noto-cjk",
        ),
    )


def web_page() -> Finding:
    built = built_page() is not None
    return Finding(
        "web",
        "ok" if built else "warn",
        T("网页已构建", "The web page is built")
        if built
        else T("网页未构建，只有接口可用", "The web page is not built: only the API is served"),
        T("请执行 make run，或安装发布的 wheel。", "Use `make run`, or install a released wheel."),
    )


def port(settings: Settings) -> Finding:
    params = {"host": settings.host, "port": settings.port}
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as refusal:
            params["reason"] = refusal.strerror or str(refusal)
        else:
            return Finding("port", "ok", T("端口 {port} 空闲", "Port {port} is free"), None, params)
    if _is_ours(settings):
        return Finding(
            "port", "ok", T("本系统正在端口 {port} 运行", "Park runs on port {port}"), None, params
        )
    return Finding(
        "port",
        "bad",
        T("无法使用 {host}：{port}：{reason}", "{host}:{port} cannot be used: {reason}"),
        T("请停止占用它的应用程序，或设置 PARK_PORT。", "Stop what uses it, or set PARK_PORT."),
        params,
    )


def _is_ours(settings: Settings) -> bool:
    connection = http.client.HTTPConnection(settings.host, settings.port, timeout=2)
    with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    return False


def chromium() -> Finding:
    found = shutil.which("chromium") or shutil.which("google-chrome")
    return Finding(
        "chromium",
        "ok",
        T("Chromium:{found}(仅测试需要)", "Chromium: {found} (only the tests need it)")
        if found
        else T("没有 Chromium（仅测试需要）", "No Chromium (only the tests need it)"),
        None,
        {"found": found},
    )
