# shellcheck shell=bash
# Getting programs: Debian packages, unpacked into the cache and run from there. Nothing is installed, no script of a
# package runs, and root is not needed.
#
# All of a server comes from one suite, its C library included, and runs under that suite's own loader. So it makes no
# difference what the machine has, and PostgreSQL 18 and MySQL of a newer Debian run on an older one.
# apt checks what it downloads by the archive's signature.

# The suites to try for a server, in order. PostgreSQL 15 and MariaDB 10.11 are those of Debian 12; PostgreSQL 18 and MySQL
# are in Debian unstable, where a package can be uninstallable for a day.
suites_of() {
  case $1 in
    postgres15 | mariadb) echo "${DUNLIN_SERVER_SUITE:-bookworm}" ;;
    *) echo "${DUNLIN_SERVER_SUITE_NEW:-sid testing}" ;;
  esac
}

# `openssl` makes the servers' certificates; a fresh machine may lack it.
packages_of() {
  case $1 in
    postgres*) echo "postgresql-${1#postgres} postgresql-client-${1#postgres} openssl" ;;
    mariadb) echo "mariadb-server-core mariadb-server mariadb-client-core mariadb-client openssl" ;;
    mysql) echo "mysql-server-core mysql-client-core openssl" ;;
  esac
}

# The programs of /usr/bin and /usr/sbin that are of use; the many others are thrown away. PostgreSQL's are elsewhere.
PROGRAMS=(openssl mariadbd mariadb mariadb-dump mysqld mysql mysqldump)

# Where the cache is. The servers of root run as another user, who usually can't look into root's home.
# The number counts the changes of what lies in the cache, so that an old one is not used.
choose_cache() {
  local home=~ dir
  CACHE=${DUNLIN_SERVER_CACHE:-${XDG_CACHE_HOME:-$home/.cache}/dunlin/servers}
  dir=$(realpath -m "$CACHE")
  if [[ $UID = 0 ]] && ! server_can_enter "$dir"; then
    [[ -z ${DUNLIN_SERVER_CACHE:-} ]] || die "the user $SERVER_USER, who runs the servers of root, can't enter $CACHE"
    dir=/var/cache/dunlin/servers
  fi
  [[ $dir != *[\'\ $'\n']* ]] || die "the path of the cache has a space or a quote in it: $dir; set DUNLIN_SERVER_CACHE"
  CACHE=$dir/1
}

server_can_enter() {
  local dir=$1
  while [[ ! -d $dir ]]; do dir=$(dirname "$dir"); done
  as_server test -x "$dir"
}

root_of() { echo "$CACHE/root/$1"; }

# Makes sure that a server's programs are in the cache.
get_packages() {
  local name=$1 suite began=$SECONDS
  [[ ! -d $(root_of "$name") ]] || return 0
  for suite in $(suites_of "$name"); do
    if (fetch "$name" "$suite"); then
      say "got $name from $suite in $((SECONDS - began)) s" 2>&3
      return
    fi
  done
  die "$name can't be had from $(suites_of "$name")"
}

# Downloads and unpacks one server from one suite. `apt-get install --print-uris` works out what it needs on an empty
# machine; of that, only libraries and the packages asked for are of use here.
fetch() {
  local name=$1 suite=$2 config root asked keep
  config=$(package_lists "$suite") || return
  root=$(root_of "$name")
  rm -rf "$root.new" "$root.debs"
  mkdir -p "$root.new" "$root.debs"
  read -ra asked <<<"$(packages_of "$name")"
  APT_CONFIG=$config apt-get -qq -y --print-uris install "${asked[@]}" >"$root.debs/plan" || return
  mapfile -t keep < <(awk '{ sub(/_.*/, "", $2); print $2 }' "$root.debs/plan" | useful "${asked[@]}")
  (cd "$root.debs" && APT_CONFIG=$config apt-get -qq download "${keep[@]}") || return
  unpack "$root.new" "$root.debs"/*.deb || return
  wrap_programs "$root.new" "$root" || return
  rm -rf "$root.debs"
  mv "$root.new" "$root"
}

# LLVM, a third of PostgreSQL's download, only serves compiling queries, which is switched off.
useful() {
  local package
  while read -r package; do
    case $package in
      libllvm* | libz3-* | lib*-perl | libperl* | libc-l10n | libsystemd-shared) ;;
      lib* | zlib1g) echo "$package" ;;
      *) if contains "$package" "$@"; then echo "$package"; fi ;;
    esac
  done
}

# Unpacks packages into a root whose /lib is /usr/lib, in whichever of the two a package puts its files.
unpack() {
  local root=$1 deb dir
  shift
  for dir in bin sbin lib lib64; do
    mkdir -p "$root/usr/$dir"
    ln -s "usr/$dir" "$root/$dir"
  done
  for deb in "$@"; do
    dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$root" --no-same-owner --keep-directory-symlink \
      --exclude=./usr/share/{doc,man,locale,info,lintian,bug} --exclude=./etc --exclude=./var || return
  done
  chmod -R a+rX "$root"
}

# Puts in the place of each program a script that runs it under the loader of its own suite. The program is told the
# script's name as its own, by which PostgreSQL finds its files and its other programs.
wrap_programs() {
  local root=$1 final=$2 loader libraries program
  loader=$(cd "$root" && find usr/lib/*-linux-gnu* -maxdepth 1 -name 'ld-linux*.so.*' | head -n 1)
  [[ -n $loader ]] || { say "there is no loader in $root"; return 1; }
  libraries=$final/$(dirname "$loader")
  while read -r -d '' program; do
    if [[ $program != */postgresql/* ]] && ! contains "${program##*/}" "${PROGRAMS[@]}"; then
      rm -f "$root/$program"
      continue
    fi
    [[ $(head -c 4 "$root/$program" | tr -d '\0') == $'\x7fELF' ]] || continue
    mv "$root/$program" "$root/$program.elf"
    cat >"$root/$program" <<SCRIPT
#!/bin/sh
exec '$final/$loader' --library-path '$libraries' --argv0 '$final/$program' '$final/$program.elf' "\$@"
SCRIPT
    chmod 755 "$root/$program"
  done < <(cd "$root" && find usr/bin usr/sbin usr/lib/postgresql/*/bin -type f -perm -100 -print0 2>/dev/null)
}

# Downloads a suite's list of packages into the cache, once a run, and prints apt's configuration for it.
# The machine's own way to the network is kept (proxies, certificates, logins); its sources and hooks are not used.
package_lists() {
  local suite=$1 dir arch
  dir=$CACHE/apt/$suite
  mkdir -p "$dir"
  exec 8>"$dir/lock"
  flock 8
  if [[ ! -e $dir/updated ]]; then
    arch=$(dpkg --print-architecture)
    mkdir -p "$dir"/{state/lists/partial,cache/archives/partial}
    : >"$dir/status"
    printf 'deb [arch=%s signed-by=%s] %s %s main\n' "$arch" "$(keyring "$dir")" "$(mirror)" "$suite" >"$dir/sources.list"
    # What the machine says of its network may hold a password.
    install -m 600 /dev/null "$dir/apt.conf"
    {
      apt-config dump Acquire | grep -v '^Acquire::IndexTargets'
      printf '%s "%s";\n' \
        Acquire::Languages none Acquire::Retries 3 \
        APT::Architecture "$arch" APT::Install-Recommends false APT::Sandbox::User root \
        Dir::Etc::main /dev/null Dir::Etc::parts /dev/null \
        Dir::Etc::sourcelist "$dir/sources.list" Dir::Etc::sourceparts /dev/null \
        Dir::Etc::preferences /dev/null Dir::Etc::preferencesparts /dev/null \
        Dir::State "$dir/state" Dir::State::status "$dir/status" Dir::Cache "$dir/cache"
    } >"$dir/apt.conf"
    APT_CONFIG=$dir/apt.conf apt-get -qq update >&2 || return
    # apt only warns when a suite is missing or nothing answers.
    [[ -n $(find "$dir/state/lists" -name '*_Packages*' -size +0) ]] || { say "there is no package list for $suite"; return 1; }
    : >"$dir/updated"
  fi
  exec 8>&-
  echo "$dir/apt.conf"
}

# Lists grow old within hours, and are of no use once the packages are here.
forget_package_lists() { rm -rf "$CACHE/apt"; }

# The Debian archive: the one that a Debian machine uses itself, which may be a mirror near it, or the public one.
mirror() {
  local ID='' VERSION_CODENAME='' uri=
  # shellcheck disable=SC1091
  source /etc/os-release
  if [[ -n ${DUNLIN_SERVER_MIRROR:-} ]]; then
    uri=$DUNLIN_SERVER_MIRROR
  elif [[ $ID = debian ]]; then
    # shellcheck disable=SC2016
    uri=$(apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
      awk -v release="$VERSION_CODENAME" '$1 == release && $2 == "main" && !uri { uri = $3 } END { print uri }') || uri=
  fi
  echo "${uri:-http://deb.debian.org/debian}"
}

# The keys of the Debian archive. A machine that is not Debian can have them from its own, signed, archive.
keyring() {
  local file
  for file in /usr/share/keyrings/debian-archive-keyring.{pgp,gpg}; do
    if [[ -r $file ]]; then echo "$file"; return; fi
  done
  (cd "$1" && apt-get -qq download debian-archive-keyring >&2 && dpkg-deb -x debian-archive-keyring_*.deb keys) ||
    { say "the keys of the Debian archive can't be had: install debian-archive-keyring"; return 1; }
  echo "$1/keys/usr/share/keyrings/debian-archive-keyring.gpg"
}
