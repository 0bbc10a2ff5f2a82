#!/bin/sh
# librdkafka.sh VERSION FILE: makes FILE, a librdkafka for Confluent.Kafka, where NuGet's librdkafka.redist cannot be had.
#   1. built from the source that the npm package @confluentinc/kafka-javascript carries (needs npm, cc, make; TLS and zlib headers);
#   2. else the system's library, when it has the youngest function that Confluent.Kafka calls;
#   3. else an error that says what to install.
# FILE appears by rename, whole or not at all. Where flock exists, builds wait for each other; elsewhere they only do the work twice.
set -eu

version=$1 file=$2
package=@confluentinc/kafka-javascript@1.10.1
sha512=29578f5019f6d44a8254ff667f1cc4b8cdd26091c7105ed7fa2882d9ee374108034b211a92c2279821a8a13df0e6af9c340764482acaef58f42027eaa12a992f
youngest=rd_kafka_ElectLeaders # since 2.6.0

folder=$(dirname "$file")
mkdir -p "$folder"
if command -v flock >/dev/null; then
    exec 9>"$folder/lock"
    flock 9
    rm -rf "$folder"/build.* # left by a build that was killed
fi
test ! -e "$file" || exit 0
work=$(mktemp -d "$folder/build.XXXXXX")
trap 'rm -rf "$work"' EXIT
log=$folder/build.log

fail() { # canonical form, so that MSBuild shows it as the error
    echo "librdkafka : error STREAM0001: $*"
    exit 1
}

install_hint() {
    case $(uname) in
        Darwin) echo "xcode-select --install; brew install node openssl pkg-config" ;;
        *) echo "Debian/Ubuntu: apt install npm gcc make libssl-dev zlib1g-dev (optional: libzstd-dev libsasl2-dev); Fedora: dnf install npm gcc make openssl-devel zlib-devel" ;;
    esac
}

missing_tools() {
    for tool in npm make tar; do
        command -v $tool >/dev/null || printf ' %s' $tool
    done
    command -v cc >/dev/null || command -v gcc >/dev/null || printf ' cc'
}

sha512_of() { if command -v sha512sum >/dev/null; then sha512sum "$1"; else shasum -a 512 "$1"; fi | cut -d' ' -f1; }

download() {
    (cd "$work" && npm pack --silent "$package") >>"$log" 2>&1 || return 1
    archive=$(ls "$work"/*.tgz)
    test "$(sha512_of "$archive")" = "$sha512" || fail "$package as downloaded does not have the pinned SHA-512; it is not used."
    tar -xzf "$archive" -C "$work" package/deps/librdkafka
}

build() {
    (cd "$work/package/deps/librdkafka" && ./configure --disable-debug-symbols && make -j"$(getconf _NPROCESSORS_ONLN)" -C src) >>"$log" 2>&1
}

# The library's file name is librdkafka.so.1 on Linux, librdkafka.1.dylib on macOS.
built_name() { case $(uname) in Darwin) echo librdkafka.1.dylib ;; *) echo librdkafka.so.1 ;; esac; }

features() {
    for feature in SSL ZLIB ZSTD SASL_CYRUS CURL; do
        if grep -q "define WITH_$feature 1" "$work/package/deps/librdkafka/config.h"; then printf ' %s' $feature; else printf ' (no %s)' $feature; fi
    done
}

from_source() {
    tools=$(missing_tools)
    test -z "$tools" || { reason="not found:$tools"; return 1; }
    echo "librdkafka $version: building it from source, about half a minute, once (log: $log)"
    : >"$log"
    download || { reason="npm could not fetch $package (see $log)"; return 1; }
    build || { reason="the build failed (see $log)"; return 1; }
    mv "$work/package/deps/librdkafka/src/$(built_name)" "$work/library"
    echo "librdkafka $version: built with$(features)"
}

from_system() {
    for candidate in $(ldconfig -p 2>/dev/null | sed -n 's/.*librdkafka\.so\.1 .*=> //p') /opt/homebrew/lib/librdkafka.1.dylib /usr/local/lib/librdkafka.1.dylib; do
        if test -e "$candidate" && grep -q $youngest "$candidate"; then
            cp -L "$candidate" "$work/library"
            echo "librdkafka: $reason; the system's $candidate is used"
            return 0
        fi
    done
    return 1
}

if from_source || from_system; then
    chmod 644 "$work/library"
    mv "$work/library" "$file"
else
    fail "$reason, and the system has no librdkafka 2.6 or newer. Install what a build from source needs: $(install_hint)"
fi
