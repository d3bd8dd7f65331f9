"""What an operating system is told of the agent, as text: a hardened unit for systemd, a task for Windows."""

from __future__ import annotations

from pathlib import PurePath
from xml.sax.saxutils import escape

from agent.model.order import Frozen

NAME = "brygga"
STATE = "/var/lib/brygga"
"""Where the journal lies unless the settings say otherwise: systemd makes it, for the service's user alone."""

STOP_S = 45
"""Writers take up to 20 s to finish what they have in hand."""

LOCAL_SERVICE = "S-1-5-19"
"""Windows' own account for services that need no rights."""

_PRIVILEGED_BELOW = 1024


class Service(Frozen, frozen=True):
    """`program` is the Python of the installation and `config` the settings file, both absolute. `data` is the folder
    that the settings name for the journal, empty for the system's own. `credentials` are the names of the secrets, each
    a file in `credentials_in`. `ports` are those that the agent listens on.
    """

    program: str
    config: str
    user: str
    data: str = ""
    credentials: tuple[str, ...] = ()
    credentials_in: str = ""
    ports: tuple[int, ...] = ()


def unit(service: Service) -> str:
    """The unit file. What the agent does not need is taken from it: it reads its program and settings, writes its data,
    and speaks to the network."""
    config_folder = str(PurePath(service.config).parent)
    writes = [config_folder, *([service.data] if service.data else [])]
    binds = any(0 < port < _PRIVILEGED_BELOW for port in service.ports)
    at_home = any(_at_home(path) for path in (service.program, service.config, service.data))
    lines = [
        "[Unit]",
        "Description=Brygga: orders and products between WooCommerce and Mamut One Enterprise",
        "Wants=network-online.target",
        "After=network-online.target time-sync.target",
        # A shop that is down for a week must not end the agent for good.
        "StartLimitIntervalSec=0",
        "",
        "[Service]",
        "Type=exec",
        f"ExecStart={_quoted(service.program)} -m agent.cli run --log-format json --config {_quoted(service.config)}",
        "ExecReload=/bin/kill -HUP $MAINPID",
        "Restart=on-failure",
        "RestartSec=10",
        "KillMode=mixed",
        f"TimeoutStopSec={STOP_S}",
        f"User={service.user}",
        "UMask=0077",
        f"StateDirectory={NAME}",
        "StateDirectoryMode=0700",
        "Environment=XDG_DATA_HOME=/var/lib PYTHONDONTWRITEBYTECODE=1",
        *(f"LoadCredential={name}:{service.credentials_in}/{name}" for name in service.credentials),
        "",
        "# What the agent does not need.",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        f"ProtectHome={'read-only' if at_home else 'yes'}",
        *(f"ReadWritePaths={_quoted(path)}" for path in writes),
        "PrivateTmp=yes",
        "PrivateDevices=yes",
        "DevicePolicy=closed",
        "ProtectClock=yes",
        "ProtectControlGroups=yes",
        "ProtectHostname=yes",
        "ProtectKernelLogs=yes",
        "ProtectKernelModules=yes",
        "ProtectKernelTunables=yes",
        "ProtectProc=invisible",
        "ProcSubset=pid",
        "RemoveIPC=yes",
        "KeyringMode=private",
        "LockPersonality=yes",
        "MemoryDenyWriteExecute=yes",
        "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
        "RestrictNamespaces=yes",
        "RestrictRealtime=yes",
        "RestrictSUIDSGID=yes",
        "SystemCallArchitectures=native",
        "SystemCallFilter=@system-service",
        "SystemCallFilter=~@privileged @resources",
        "SystemCallErrorNumber=EPERM",
        f"CapabilityBoundingSet={'CAP_NET_BIND_SERVICE' if binds else ''}",
        f"AmbientCapabilities={'CAP_NET_BIND_SERVICE' if binds else ''}",
        "",
        "[Install]",
        "WantedBy=multi-user.target",
        "",
    ]
    return "\n".join(lines)


def task(service: Service) -> str:
    """The scheduled task: begins with the computer, begins again when it fails, and is never ended for its age."""
    user = LOCAL_SERVICE if service.user in ("", NAME) else service.user
    kind = "" if user == LOCAL_SERVICE else "\n      <LogonType>S4U</LogonType>"
    arguments = f'-m agent.cli run --log-format json --config "{service.config}"'
    return f"""<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.3" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>Brygga: orders and products between WooCommerce and Mamut One Enterprise</Description>
  </RegistrationInfo>
  <Triggers>
    <BootTrigger>
      <Enabled>true</Enabled>
      <Delay>PT30S</Delay>
    </BootTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>{escape(user)}</UserId>{kind}
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <AllowHardTerminate>true</AllowHardTerminate>
    <StartWhenAvailable>true</StartWhenAvailable>
    <AllowStartOnDemand>true</AllowStartOnDemand>
    <Enabled>true</Enabled>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <Priority>7</Priority>
    <RestartOnFailure>
      <Interval>PT1M</Interval>
      <Count>999</Count>
    </RestartOnFailure>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>{escape(service.program)}</Command>
      <Arguments>{escape(arguments)}</Arguments>
    </Exec>
  </Actions>
</Task>
"""


def _quoted(path: str) -> str:
    """As systemd reads it: quotes around spaces, and its own % doubled."""
    text = path.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{text}"' if any(char in path for char in " \t'\"\\") else text


def _at_home(path: str) -> bool:
    return path.startswith(("/home/", "/root/", "/run/user/"))
