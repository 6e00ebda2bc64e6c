# Steps of ./dev test about what is published: reproducible builds, the public API, a consumer's project. Sourced, never run; each ends with the line
# "N passed, N failed" that ./dev test counts.

# What is published and has a jar.
PUBLISHED=smc-core,smc-netty,smc-micrometer,smc-cli

# clone_head DIRECTORY: this repository's HEAD, and nothing that is not committed.
clone_head() {
  git clone -q --no-hardlinks "$ROOT" "$1" && git -C "$1" checkout -q --detach "$(git -C "$ROOT" rev-parse HEAD)"
}

# built_files DIRECTORY: name and hash of everything that is published from a build there.
built_files() {
  (cd "$1" && find . -path '*/target/*' -maxdepth 3 \( -name '*.jar' -o -name '*-cyclonedx.json' \) ! -path './examples/*' ! -name 'original-*' |
    LC_ALL=C sort | xargs sha256sum)
}

# Two clones of one commit, in directories of different names and at different times, give the same bytes.
reproducible() {
  local work=$OUT/reproducible copy passed failed
  git -C "$ROOT" rev-parse -q --verify HEAD >/dev/null || { skip "not a git repository: there is no commit to build twice"; return; }
  rm -rf "$work"
  mkdir -p "$work"
  # As it is released, with the library for every machine.
  for copy in one a-second-one; do
    clone_head "$work/$copy" || return 1
    # The javadoc is left out for its time; "reproducible false" compares its jars as well.
    (cd "$work/$copy" && maven -q -Pnatives -Dmaven.test.skip=true -Dmaven.javadoc.skip="${1:-true}" -pl "$PUBLISHED" package) || return 1
    built_files "$work/$copy" >"$work/$copy.sha256"
  done
  cat "$work/one.sha256"
  failed=$(diff "$work/one.sha256" "$work/a-second-one.sha256" | grep -c '^<' || true)
  passed=$(($(wc -l <"$work/one.sha256") - failed))
  if [ "$failed" != 0 ]; then
    printf 'these differ:\n'
    diff "$work/one.sha256" "$work/a-second-one.sha256" || true
  fi
  rm -rf "$work/one" "$work/a-second-one"
  # Not one file: then nothing was compared.
  [ "$passed" -gt 0 ] || failed=$((failed + 1))
  printf '%d passed, %d failed\n' "$passed" "$failed"
  [ "$failed" = 0 ]
}
