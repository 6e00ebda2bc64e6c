# Steps of ./dev test about what is published: reproducible builds, the public API, a consumer's project. Sourced, never run; each ends with the line
# "N passed, N failed" that ./dev test counts.

# What is published and has a jar.
PUBLISHED=smc-core,smc-jnr,smc-netty,smc-micrometer,smc-cli

# clone_head DIRECTORY: this repository's HEAD, and nothing that is not committed.
clone_head() {
  git clone -q --no-hardlinks "$ROOT" "$1" && git -C "$1" checkout -q --detach "$(git -C "$ROOT" rev-parse HEAD)"
}

# built_files DIRECTORY: name and hash of everything that is published from a build there.
built_files() {
  (cd "$1" && find . -path '*/target/*' -maxdepth 3 \( -name '*.jar' -o -name '*-cyclonedx.json' \) ! -path './examples/*' ! -name 'original-*' |
    LC_ALL=C sort | xargs sha256sum)
}

# A folder repository with everything that is published, made by the second build below.
staged() {
  printf '%s/staged\n' "$OUT"
}

# folder_settings FILE: Maven's settings with folders for repositories: what is staged, and this machine's local repository, from which all else comes first.
folder_settings() {
  local cache=${HOME:-/root}/.m2/repository
  cat >"$1" <<SETTINGS
<settings>
  <profiles>
    <profile>
      <id>folders</id>
      <repositories>
        <repository><id>staged</id><url>file://$(staged)</url><snapshots><enabled>true</enabled></snapshots></repository>
        <repository><id>cache</id><url>file://$cache</url><snapshots><enabled>false</enabled></snapshots></repository>
      </repositories>
      <pluginRepositories>
        <pluginRepository><id>cache</id><url>file://$cache</url><snapshots><enabled>false</enabled></snapshots></pluginRepository>
      </pluginRepositories>
    </profile>
  </profiles>
  <activeProfiles><activeProfile>folders</activeProfile></activeProfiles>
</settings>
SETTINGS
}

# deploy_staged [SKIP-JAVADOC]: builds the project in the current directory as it is released, and deploys it there. Into ~/.m2 nothing is
# written, not even metadata: it works on a local repository of its own.
deploy_staged() {
  rm -rf "$(staged)"
  folder_settings "$OUT/settings.xml"
  maven -q -s "$OUT/settings.xml" "-Dmaven.repo.local=$OUT/m2" -Pnatives -Dmaven.test.skip=true -Dmaven.javadoc.skip="${1:-true}" -Dmaven.install.skip=true \
    "-DaltDeploymentRepository=staged::file://$(staged)" -pl ".,smc4j-bom,$PUBLISHED" deploy
}

# reproducible [SKIP-JAVADOC]: two clones of one commit, in directories of different names and at different times, give the same bytes.
reproducible() {
  local work=$OUT/reproducible passed failed
  git -C "$ROOT" rev-parse -q --verify HEAD >/dev/null || { skip "not a git repository: there is no commit to build twice"; return; }
  rm -rf "$work"
  mkdir -p "$work"
  clone_head "$work/one" && clone_head "$work/a-second-one" || return 1
  # The javadoc is left out for its time; "reproducible false" compares its jars as well.
  (cd "$work/one" && maven -q -Pnatives -Dmaven.test.skip=true -Dmaven.javadoc.skip="${1:-true}" -pl "$PUBLISHED" package) || return 1
  (cd "$work/a-second-one" && deploy_staged "$@") || return 1
  built_files "$work/one" >"$work/one.sha256"
  built_files "$work/a-second-one" >"$work/a-second-one.sha256"
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

# readme_dependency: the lines of the first <dependency> in README.md.
readme_dependency() {
  sed -n '/^<dependency>$/,/^<\/dependency>$/p' README.md | sed '/^<\/dependency>$/q'
}

# consumer_run NAME HOME COMMAND...: one run of the consumer's program; it says what README.md promises, and the JVM has nothing to warn of.
consumer_run() {
  local name=$1 home=$2 status=0 out=$OUT/consumer/out problem=''
  shift 2
  printf -- '--- %s: %s\n' "$name" "$*"
  (cd "$OUT/consumer/target" && PATH=$home/bin:$PATH sh -c "$*") >"$out" 2>"$out.err" || status=$?
  cat "$out" "$out.err"
  [ "$status" = 0 ] || problem="exit status $status"
  grep -qE '^hello over (TCP|SMC_D|SMC_R), ' "$out" || problem="no connection"
  grep -qE '^SMC  +(available|not available: .+)' "$out" || problem="no summary"
  grep -qE "^smc4j  +$VERSION\$" "$out" || problem="the summary does not name version $VERSION"
  if grep -q '^SMC  *not available' "$out" && ! grep -q 'connections stay TCP' "$out.err"; then problem="the switch is not in force: no line says why there is no SMC"; fi
  ! grep -qE 'WARNING|restricted' "$out.err" || problem="the JVM warns"
  [ -z "$problem" ] || { printf 'FAILED: %s\n' "$problem"; return 1; }
}

# A user's first five minutes: README.md's dependency from a folder repository, its command as it stands there, one connection and Smc.summary(), on the class path
# and on the module path, with each JDK.
consumer() {
  local work=$OUT/consumer command command_modules dependency bom home release passed=0 failed=0 skipped=0 VERSION
  [ -d "$(staged)/io/smc4j/smc-core" ] || deploy_staged || return 1
  rm -rf "$work"
  cp -r examples/consumer "$work"
  dependency=$(readme_dependency)
  VERSION=$(sed -n 's|.*<version>\(.*\)</version>.*|\1|p' <<<"$dependency")
  bom="<dependencyManagement><dependencies><dependency><groupId>io.smc4j</groupId><artifactId>smc4j-bom</artifactId><version>$VERSION</version>"
  bom="$bom<type>pom</type><scope>import</scope></dependency></dependencies></dependencyManagement>"
  # The first line of README.md that is a command with the user's own class.
  command=$(sed -n 's/^    \(java .* your\.Main\)$/\1/p' README.md | head -n 1)
  [ -n "$dependency" ] && [ -n "$command" ] || { printf 'README.md has no dependency or no command that ends in your.Main\n'; return 1; }
  awk -v dependency="$dependency" -v bom="$bom" '/<!-- README -->/ { print dependency; next } /<!-- BOM -->/ { print bom; next } { print }' \
    examples/consumer/pom.xml >"$work/pom.xml"
  folder_settings "$OUT/settings.xml"
  maven -q -f "$work/pom.xml" -s "$OUT/settings.xml" "-Dmaven.repo.local=$OUT/m2" package || { printf 'README.md: its dependency does not build\n'; return 1; }
  ls "$work/target"
  for release in 17 newer; do
    home=$(jdk "$release") || { printf 'skipped: no JDK of %s found\n' "$NEWER_JDKS"; skipped=$((skipped + 2)); continue; }
    if consumer_run "class path, JDK $release" "$home" "${command/java /java $([ "$release" = 17 ] || echo --enable-native-access=ALL-UNNAMED) }"; then
      passed=$((passed + 1))
    else
      failed=$((failed + 1))
    fi
    command_modules=$(sed 's|-cp smc-core.jar:app.jar your.Main|-p smc-core.jar:app.jar -m your.app/your.Main|' <<<"$command")
    [ "$command_modules" != "$command" ] || { printf 'the command has another class path than this script knows\n'; return 1; }
    if consumer_run "module path, JDK $release" "$home" "${command_modules/java /java $([ "$release" = 17 ] || echo --enable-native-access=io.smc4j.core) }"; then
      passed=$((passed + 1))
    else
      failed=$((failed + 1))
    fi
  done
  printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
  [ "$failed" = 0 ]
}

# jars: what is in them. Javadoc is what this run's Maven built, and built here where it did not.
jars() {
  local home module javadoc=''
  for module in ${PUBLISHED//,/ }; do
    [ -n "$(find "$module/target" -maxdepth 1 -name '*-javadoc.jar' -newer "$OUT/begin" 2>/dev/null)" ] || javadoc=build
  done
  [ -z "$javadoc" ] && [ -d "$(staged)/io/smc4j/smc-core" ] || deploy_staged "$([ -n "$javadoc" ] && echo false)" || return 1
  # The script of the contract suite, for its console launcher and its last line.
  CONTRACT_CLASS_PATH=examples/target/test-classes CONTRACT_JAVA_OPTS="-Dsmc.staged=$(staged) -Dsmc.root=$ROOT" \
    sh "$CONTRACT" "$JAVA_HOME" jdk TCP --select-class io.smc4j.examples.PublishedJars
}

# core_jar DIRECTORY: smc-core's own jar among a build's.
core_jar() {
  find "$1" -name 'smc-core-*.jar' ! -name '*-sources.jar' ! -name '*-javadoc.jar' | head -n 1
}

# api_cmp OLD NEW: fails where a program that was built with the jar OLD would not build or run with NEW.
api_cmp() {
  maven -q -f scripts/api/pom.xml "-Dsmc4j.api.old=$1" "-Dsmc4j.api.new=$2" com.github.siom79.japicmp:japicmp-maven-plugin:cmp
}

# The public API is what it was at the last tag vVERSION. Before the first there is nothing to compare with, and that is said; that the comparison would find something is tried
# each time, on a jar from which a public class has been taken.
public_api() {
  local work=$OUT/api new tag passed=0 failed=0 skipped=0
  [ -n "$(core_jar "$(staged)" 2>/dev/null)" ] || deploy_staged || return 1
  new=$(core_jar "$(staged)")
  rm -rf "$work"
  mkdir -p "$work/less"
  (cd "$work/less" && jar -xf "$new" && rm io/smc4j/SmcSetting.class && jar -cf ../less.jar .) || return 1
  if api_cmp "$new" "$new"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
  if api_cmp "$new" "$work/less.jar" >"$work/less.log" 2>&1 || ! grep -q 'SmcSetting' "$work/less.log"; then
    printf 'a public class that is gone was not found\n'
    cat "$work/less.log"
    failed=$((failed + 1))
  else
    passed=$((passed + 1))
  fi
  tag=$(git describe --tags --abbrev=0 --match 'v[0-9]*' 2>/dev/null || true)
  if [ -z "$tag" ]; then
    printf 'skipped: no tagged version yet: there is no API to compare with\n'
    skipped=1
  else
    clone_head "$work/tag" && git -C "$work/tag" checkout -q "$tag" || return 1
    (cd "$work/tag" && maven -q -Dmaven.test.skip=true -Dmaven.javadoc.skip=true -pl smc-core package) || return 1
    if api_cmp "$(core_jar "$work/tag/smc-core/target")" "$new"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
  fi
  printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
  [ "$failed" = 0 ]
}
