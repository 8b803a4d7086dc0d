# shellcheck shell=bash
# The kinds of server: how each makes its first data directory, is started, says that it is ready, and what it exports.
# For every kind there are KIND_template, KIND_command, KIND_is_ready and KIND_environment.
#
# Each has a superuser without a password (postgres or root), for the tests, and `dunlin` with a password, for tests of
# passwords. All durability is off: no test outlives its server.

PASSWORD=s3cret/pass

url_variable() { echo "DUNLIN_TEST_${1^^}_URL"; }
port_of() { cat "$INSTANCE/$1.port"; }

# Making a first data directory takes seconds, so it is kept, and each start copies it.
get_template() {
  local name=$1 dir
  dir=$CACHE/template/$name
  [[ ! -d $dir ]] || return 0
  rm -rf "$dir.new"
  mkdir -p "$dir.new/data"
  chmod 700 "$dir.new/data"
  give_to_server "$dir.new"
  "${name%%[0-9]*}_template" "$name" "$dir.new" || die "$name can't make its first data directory"
  mv "$dir.new/data" "$dir"
  rm -rf "$dir.new"
}

fill_data() {
  rm -rf "${INSTANCE:?}/$1"
  cp -a --reflink=auto "$CACHE/template/$1" "$INSTANCE/$1"
}

# --- PostgreSQL ---

postgres_bin() { echo "$(root_of "$1")/usr/lib/postgresql/${1#postgres}/bin"; }

postgres_template() {
  local bin data=$2/data
  bin=$(postgres_bin "$1")
  as_server "$bin/initdb" -D "$data" -U postgres -A trust --no-sync -E UTF8 --locale=C.UTF-8
  as_server "$bin/postgres" --single -D "$data" -c fsync=off postgres <<<"CREATE ROLE dunlin SUPERUSER LOGIN PASSWORD '$PASSWORD'"
  # The first line that fits decides; `host` means with TLS and without.
  as_server tee "$data/pg_hba.conf" <<'HBA'
local all all trust
host all dunlin 127.0.0.1/32 scram-sha-256
host all all 127.0.0.1/32 trust
HBA
}

postgres_command() {
  COMMAND=("$(postgres_bin "$1")/postgres" -D "$INSTANCE/$1" -p "$(port_of "$1")"
    -c listen_addresses=127.0.0.1 -c unix_socket_directories="$INSTANCE/sockets" -c max_connections=200
    -c ssl=on -c ssl_cert_file="$INSTANCE/tls/server.pem" -c ssl_key_file="$INSTANCE/tls/server.key"
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_wal_size=2GB -c checkpoint_timeout=1h
    -c jit=off -c max_prepared_transactions=10)
}

# The server writes its state into the eighth line.
postgres_is_ready() { [[ $(sed -n 8p "$INSTANCE/$1/postmaster.pid" 2>/dev/null) == ready* ]]; }

postgres_environment() {
  local bin
  bin=$(postgres_bin "$1")
  assign "$(url_variable "$1")" "postgres://postgres@127.0.0.1:$(port_of "$1")/postgres"
  assign "DUNLIN_TEST_PG_DUMP${1#postgres}" "$bin/pg_dump"
  # The newer one comes later, and stays: it can talk to both.
  assign DUNLIN_TEST_PSQL "$bin/psql"
}

# --- MariaDB and MySQL ---

# What both are started with. Without these the first flushes each commit to the disk, and the second every page twice.
INNODB_FAST=(--innodb-flush-log-at-trx-commit=0 --innodb-flush-method=nosync --innodb-doublewrite=OFF)

# Statements that give both their users and the database that the URLs name. Usage: mysql_accounts HOW-DUNLIN-IS-IDENTIFIED
mysql_accounts() {
  printf '%s;\n' \
    "CREATE USER root@'%'" "GRANT ALL ON *.* TO root@'%' WITH GRANT OPTION" \
    "CREATE USER dunlin@'%' $1" "GRANT ALL ON *.* TO dunlin@'%' WITH GRANT OPTION" \
    "CREATE DATABASE test"
}

# A server that starts removes the temporary tables of all others from the place that they share: each has its own.
mysql_options() {
  printf '%s\n' --port="$(port_of "$1")" --bind-address=127.0.0.1 --socket="$INSTANCE/sockets/$1" --datadir="$INSTANCE/$1" \
    --pid-file="$INSTANCE/$1/server.pid" --ssl-ca="$INSTANCE/tls/ca.pem" --ssl-cert="$INSTANCE/tls/server.pem" \
    --ssl-key="$INSTANCE/tls/server.key" --skip-name-resolve --max-connections=300 --innodb-buffer-pool-size=64M \
    --tmpdir="$INSTANCE/tmp" --performance-schema=OFF --secure-file-priv= "${INNODB_FAST[@]}"
}

# Both say so after they have bound port and socket. A connection would prove less: somebody else may answer.
mysql_is_ready() { grep -q 'ready for connections' "$INSTANCE/$1.log"; }
mariadb_is_ready() { mysql_is_ready "$@"; }

# The words without which MariaDB can't find itself.
mariadb_base() {
  local usr
  usr=$(root_of mariadb)/usr
  echo "$usr/sbin/mariadbd --no-defaults --basedir=$usr --lc-messages-dir=$usr/share/mysql --character-sets-dir=$usr/share/mysql/charsets"
}

# The system tables are made from the SQL that the package brings, read by the server's bootstrap mode.
mariadb_template() {
  local share base file
  share=$(root_of mariadb)/usr/share/mysql
  read -ra base <<<"$(mariadb_base)"
  {
    printf '%s\n' 'CREATE DATABASE mysql;' 'USE mysql;'
    cat "$share/mysql_system_tables.sql" "$share/mysql_performance_tables.sql"
    # These two keep the data's script from making accounts for the system's users and for nobody.
    printf '%s\n' 'SET @auth_root_socket=NULL;' 'SET @skip_auth_anonymous=1;'
    for file in mysql_system_tables_data maria_add_gis_sp_bootstrap mysql_sys_schema mariadb_sys_schema; do
      [[ ! -e $share/$file.sql ]] || cat "$share/$file.sql"
    done
    echo 'FLUSH PRIVILEGES;'
    mysql_accounts "IDENTIFIED VIA mysql_native_password USING PASSWORD('$PASSWORD')"
  } | as_server "${base[@]}" --bootstrap --datadir="$2/data" --log-warnings=0 --max-allowed-packet=8M "${INNODB_FAST[@]}"
}

# The character set is what Debian's own configuration says, and MySQL's default; without it this would be latin1.
mariadb_command() {
  read -ra COMMAND <<<"$(mariadb_base)"
  local options
  mapfile -t options < <(mysql_options mariadb)
  COMMAND+=("${options[@]}" --character-set-server=utf8mb4 --collation-server=utf8mb4_general_ci)
}

mariadb_environment() {
  local bin
  bin=$(root_of mariadb)/usr/bin
  assign DUNLIN_TEST_MARIADB_URL "mysql://root@127.0.0.1:$(port_of mariadb)/test"
  assign DUNLIN_TEST_MARIADB_CLIENT "$bin/mariadb"
  assign DUNLIN_TEST_MARIADB_DUMP "$bin/mariadb-dump"
}

mysql_base() {
  local usr
  usr=$(root_of mysql)/usr
  echo "$usr/sbin/mysqld --no-defaults --basedir=$usr --lc-messages-dir=$usr/share/mysql --skip-log-bin"
}

mysql_template() {
  local base
  read -ra base <<<"$(mysql_base)"
  mysql_accounts "IDENTIFIED WITH caching_sha2_password BY '$PASSWORD'" >"$2/accounts.sql"
  as_server "${base[@]}" --initialize-insecure --datadir="$2/data" --init-file="$2/accounts.sql" --secure-file-priv= "${INNODB_FAST[@]}"
}

mysql_command() {
  read -ra COMMAND <<<"$(mysql_base)"
  local options
  mapfile -t options < <(mysql_options mysql)
  # Of all that MySQL watches itself for, only how far a long statement is: the rest makes it slow to start.
  COMMAND+=("${options[@]}" --mysqlx=OFF --performance-schema=ON "--performance-schema-instrument=%=OFF"
    "--performance-schema-instrument=stage/%=ON" --performance-schema-consumer-events-stages-current=ON)
}

mysql_environment() {
  local bin
  bin=$(root_of mysql)/usr/bin
  assign DUNLIN_TEST_MYSQL_URL "mysql://root@127.0.0.1:$(port_of mysql)/test"
  assign DUNLIN_TEST_MYSQL_CLIENT "$bin/mysql"
  assign DUNLIN_TEST_MYSQLDUMP "$bin/mysqldump"
}

# --- TLS ---

# An authority, a certificate of it for the servers, and an authority that has nothing to do with them.
make_tls() {
  local dir=$INSTANCE/tls openssl name
  openssl=$(root_of "$1")/usr/bin/openssl
  mkdir "$dir" "$INSTANCE/sockets" "$INSTANCE/tmp"
  for name in ca wrong-ca; do
    cat >"$dir/$name.cnf" <<CONFIG
[req]
prompt = no
distinguished_name = name
x509_extensions = extensions
[name]
CN = Dunlin test $name
[extensions]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
CONFIG
    "$openssl" req -x509 -config "$dir/$name.cnf" -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 \
      -keyout "$dir/$name.key" -out "$dir/$name.pem" 2>/dev/null
  done
  cat >"$dir/server.cnf" <<CONFIG
[req]
prompt = no
distinguished_name = name
[name]
CN = localhost
[extensions]
basicConstraints = critical, CA:FALSE
extendedKeyUsage = serverAuth
subjectAltName = DNS:localhost, IP:127.0.0.1
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
CONFIG
  "$openssl" req -config "$dir/server.cnf" -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -keyout "$dir/server.key" -out "$dir/server.csr" 2>/dev/null
  "$openssl" x509 -req -in "$dir/server.csr" -CA "$dir/ca.pem" -CAkey "$dir/ca.key" -CAcreateserial -days 3650 \
    -extfile "$dir/server.cnf" -extensions extensions -out "$dir/server.pem" 2>/dev/null
  # PostgreSQL refuses a key that others can read.
  chmod 600 "$dir"/*.key
  give_to_server "$dir/server.key" "$INSTANCE/sockets" "$INSTANCE/tmp"
}

tls_environment() {
  assign DUNLIN_TEST_CA "$INSTANCE/tls/ca.pem"
  assign DUNLIN_TEST_WRONG_CA "$INSTANCE/tls/wrong-ca.pem"
}
