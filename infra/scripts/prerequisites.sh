# Sourced by ./run, ./test and ./bench: what the machine must have, and how the parts are built.
# Each require_* installs what is missing when it may (root, or sudo without a password, on Debian and Ubuntu), else it
# says in one line what to install, and ends with code 4.

# No compiler or build node stays behind in memory when the script has ended.
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 npm_config_fund=false npm_config_audit=false npm_config_update_notifier=false

say() { printf '%s\n' "$*"; }

fail() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 4
}

install_packages() {
  local sudo=
  command -v apt-get >/dev/null || fail "install $* (this is not Debian or Ubuntu, so it cannot be done here)"
  if [ "$(id -u)" != 0 ]; then
    sudo -n true 2>/dev/null || fail "missing: $*; run: sudo apt-get install $*"
    sudo=sudo
  fi
  say "installing $*"
  $sudo apt-get update -qq >/dev/null 2>&1 || true
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq "$@" >/dev/null 2>&1 || fail "apt-get could not install: $*"
}

require_dotnet() {
  command -v dotnet >/dev/null || fail "the .NET 10 SDK is not installed; see https://dotnet.microsoft.com/download/dotnet/10.0"
  dotnet --list-sdks | grep -q '^10\.' || fail "the .NET 10 SDK is not installed; found: $(dotnet --list-sdks | tr '\n' ' ')"
}

require_node() {
  command -v node >/dev/null || fail "Node.js 20 or later is not installed; see https://nodejs.org"
  command -v npm >/dev/null || fail "npm is not installed; it comes with Node.js"
  [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] || fail "Node.js 20 or later is needed; found $(node --version)"
}

require_library() { # file, package
  ldconfig -p 2>/dev/null | grep -q "$1" || [ -e "/usr/lib/$(uname -m)-linux-gnu/$1" ] || install_packages "$2"
}

require_postgres() {
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null || install_packages postgresql
}

require_programs() { # program=package …
  local pair missing=()
  for pair in "$@"; do command -v "${pair%%=*}" >/dev/null || missing+=("${pair#*=}"); done
  [ ${#missing[@]} -eq 0 ] || install_packages "${missing[@]}"
}

require_files() { # file=package …
  local pair missing=()
  for pair in "$@"; do [ -e "${pair%%=*}" ] || missing+=("${pair#*=}"); done
  [ ${#missing[@]} -eq 0 ] || install_packages "${missing[@]}"
}

# aiortc and GStreamer are used by Debian's own Python, whatever python3 the PATH finds.
require_interop() {
  require_programs whip-client=simple-whip-client gst-launch-1.0=gstreamer1.0-tools tcc=tcc
  require_files /usr/lib/python3/dist-packages/aiortc=python3-aiortc /usr/lib/python3/dist-packages/gi/overrides/Gst.py=python3-gst-1.0 \
    "/usr/lib/$(uname -m)-linux-gnu/girepository-1.0/GstWebRTC-1.0.typelib=gir1.2-gst-plugins-bad-1.0"
}

# quiet LABEL COMMAND…: progress in one line, the whole output only when it fails.
quiet() {
  local label=$1 log started=$SECONDS
  shift
  log=$(mktemp)
  say "$label …"
  if ! "$@" >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    printf '%s: %s failed\n' "$(basename "$0")" "$label" >&2
    exit 5
  fi
  rm -f "$log"
  say "$label: $((SECONDS - started)) s"
}

install_web() { # root
  local stamp="$1/web/node_modules/.installed"
  [ -f "$stamp" ] && [ "$stamp" -nt "$1/web/package-lock.json" ] && return
  quiet "installing the web packages" npm --prefix "$1/web" ci
  touch "$stamp"
}

build_web() { # root
  install_web "$1"
  quiet "building the SDK and the demo" npm --prefix "$1/web" run build
}

build_platform() { # root
  quiet "building the server, the media node and rtc" dotnet build "$1/src/platform.slnf" -c Release --nologo -v q
  build_web "$1"
}
