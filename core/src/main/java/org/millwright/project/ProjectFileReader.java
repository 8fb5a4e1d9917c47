package org.millwright.project;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.millwright.identity.Role;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.kernel.Yaml;

/** Reads {@code millwright.yaml} and notes everything that is wrong with it. */
final class ProjectFileReader {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");
    private static final List<String> KEYS = List.of(
            "apiVersion",
            "kind",
            "name",
            "purpose",
            "owner",
            "risk-tier",
            "data",
            "members",
            "environment",
            "model",
            "handoff",
            "release",
            "stages",
            "agreement");

    private static final Set<String> CLASSES = Set.of("public", "internal", "confidential", "restricted");
    private static final Set<String> TASKS = Set.of("regression", "classification");

    /** What a file from before agreements were files of their own is told. */
    private static final String MOVED =
            "an agreement is a file of its own now, which both roles accept: move these keys"
                    + " to " + Agreement.FILE
                    + " beside this file, below 'apiVersion: millwright/v1', 'kind: Agreement' and"
                    + " 'model: NAME', then: mw agreement propose";

    private final Yaml.Value root;
    private final boolean kept;
    private final Function<String, Role> roles;

    /**
     * @param kept whether the text was accepted before, also by a reader that took more
     * @param roles the role of a text, or a {@link Problem.Invalid}
     */
    ProjectFileReader(String text, boolean kept, Function<String, Role> roles) {
        this.root = Yaml.parse(ProjectFile.FILE, text);
        this.kept = kept;
        this.roles = roles;
    }

    /** What was agreed in a project file from before agreements were files of their own. */
    Optional<Agreement> agreement() {
        return root.get("agreement").filter(Yaml.Value::isMap).map(AgreementReader::section);
    }

    ProjectFile read() {
        root.only(Stream.concat(KEYS.stream(), PlanReader.KEYS.stream()).toArray(String[]::new));
        expect(root, "apiVersion", "millwright/v1");
        expect(root, "kind", "Project");
        String name = name(root, "name");
        String purpose = root.text("purpose");
        if (root.has("purpose") && purpose.strip().length() < 10) {
            error("purpose", "say in one sentence what the model is for");
        }
        var file = new ProjectFile(
                name,
                purpose,
                root.text("owner"),
                root.read("risk-tier", RiskTier.LOW, "minimal, low, medium or high", RiskTier::of),
                data(),
                members(),
                environment(),
                model(name),
                handOff(),
                release(),
                PlanReader.read(root, roles, kept),
                StagesReader.read(root),
                Json.digest(java.util.Objects.requireNonNullElse(root.plain(), "")));
        root.need("risk-tier");
        if (!kept) {
            error("agreement", MOVED);
        }
        root.finish();
        return file;
    }

    static void expect(Yaml.Value map, String key, String value) {
        map.need(key)
                .filter(found -> !found.asText().equals(value))
                .ifPresent(found -> found.error("expected '" + value + "', got '" + found.asText() + "'"));
    }

    private void error(String key, String message) {
        root.get(key).ifPresent(value -> value.error(message));
    }

    static String name(Yaml.Value map, String key) {
        String name = map.text(key);
        if (map.has(key) && !NAME.matcher(name).matches()) {
            map.get(key)
                    .ifPresent(value ->
                            value.error("expected 1-63 of a-z 0-9 - that start with a letter, got '" + name + "'"));
        }
        return name;
    }

    static String oneOf(Yaml.Value map, String key, String fallback, Set<String> words) {
        return map.read(
                key,
                fallback,
                "one of " + String.join(", ", words.stream().sorted().toList()),
                text -> {
                    if (!words.contains(text)) {
                        throw new IllegalArgumentException(text);
                    }
                    return text;
                });
    }

    private List<ProjectFile.DataUse> data() {
        var uses = new ArrayList<ProjectFile.DataUse>();
        root.need("data").ifPresent(list -> {
            for (Yaml.Value item : list.items()) {
                item.only("name", "classification", "source");
                item.need("classification");
                uses.add(new ProjectFile.DataUse(
                        name(item, "name"),
                        oneOf(item, "classification", "internal", CLASSES),
                        item.text("source", "")));
            }
        });
        return uses;
    }

    private Map<String, List<Role>> members() {
        var members = new LinkedHashMap<String, List<Role>>();
        root.need("members")
                .ifPresent(map -> map.fields().forEach((user, named) -> {
                    var given = new ArrayList<Role>();
                    for (Yaml.Value role : named.items()) {
                        try {
                            Role read = roles.apply(role.asText());
                            if (read.equals(Role.LOCAL_OWNER) || read.equals(Role.ADMIN)) {
                                role.error("role '" + role.asText() + "' cannot be given by a project");
                            }
                            given.add(read);
                        } catch (Problem.Invalid e) {
                            role.error(String.valueOf(e.getMessage()));
                        }
                    }
                    members.put(user, given);
                }));
        return members;
    }

    private ProjectFile.EnvironmentSpec environment() {
        Optional<Yaml.Value> found = root.need("environment");
        if (found.isEmpty()) {
            return new ProjectFile.EnvironmentSpec("3.11", "requirements.in", "requirements.lock", 2);
        }
        Yaml.Value map = found.get().only("python", "requirements", "lock", "threads");
        return new ProjectFile.EnvironmentSpec(
                map.text("python", "3.11"),
                map.text("requirements", "requirements.in"),
                map.text("lock", "requirements.lock"),
                atLeast(map, "threads", 2, 1));
    }

    static int atLeast(Yaml.Value map, String key, int fallback, int least) {
        int value = map.integer(key, fallback);
        if (value < least) {
            map.get(key).ifPresent(found -> found.error("expected at least " + least + ", got " + value));
        }
        return value;
    }

    static double positive(Yaml.Value map, String key, double fallback) {
        double value = map.number(key, fallback);
        if (!(value > 0) || Double.isInfinite(value)) {
            map.get(key).ifPresent(found -> found.error("expected a number above 0, got " + value));
        }
        return value;
    }

    private ProjectFile.ModelSpec model(String project) {
        Optional<Yaml.Value> found = root.need("model");
        if (found.isEmpty()) {
            return new ProjectFile.ModelSpec(project, "regression", "", "", "", "");
        }
        Yaml.Value map = found.get().only("name", "task", "label", "positive", "id", "time");
        String name = map.has("name") ? name(map, "name") : project;
        map.need("task");
        return new ProjectFile.ModelSpec(
                name,
                oneOf(map, "task", "regression", TASKS),
                map.text("label"),
                map.text("positive", ""),
                map.text("id", ""),
                map.text("time", ""));
    }

    private ProjectFile.HandOff handOff() {
        return root.get("handoff")
                .map(map -> map.only("tolerance", "rows", "narrow"))
                .map(map -> new ProjectFile.HandOff(
                        positive(map, "tolerance", 1e-3),
                        atLeast(map, "rows", 20_000, 1),
                        map.get("narrow").map(NarrowReader::columns).orElse(Map.of())))
                .orElse(new ProjectFile.HandOff(1e-3, 20_000, Map.of()));
    }

    private ProjectFile.Release release() {
        Optional<Yaml.Value> found = root.get("release")
                .map(map -> map.only(
                        "smoke-rows",
                        "canary",
                        "rollout",
                        "on-stop",
                        "limits",
                        "log",
                        "protect",
                        "certificate-valid-for",
                        "approvers",
                        "decide",
                        "reproduce"));
        int smoke = found.map(map -> atLeast(map, "smoke-rows", 100, 1)).orElse(100);
        Optional<Yaml.Value> canary = found.flatMap(map -> map.get("canary"));
        Optional<Yaml.Value> rollout = found.flatMap(map -> map.get("rollout"));
        if (canary.isPresent()) {
            rollout.ifPresent(value -> value.error("expected 'canary' or 'rollout', not both"));
        }
        Optional<RolloutPlan> plan = rollout.isPresent()
                ? rollout.flatMap(RolloutReader::planned)
                : Optional.of(canary.map(RolloutReader::canary).orElse(RolloutPlan.canary(25, 200)));
        List<String> protect = found.filter(map -> map.has("protect"))
                .map(map -> map.texts("protect"))
                .orElse(ProjectFile.Release.PROTECTED);
        OnStop onStop = found.map(ProjectFileReader::onStop).orElse(new OnStop.Previous());
        Limits limits = found.flatMap(map -> map.get("limits"))
                .map(ReleaseReader::limits)
                .orElse(Limits.DEFAULT);
        Optional<RequestSampling> log = found.flatMap(map -> map.get("log")).map(ReleaseReader::log);
        Duration validFor = found.map(ReleaseReader::certificate).orElse(ProjectFile.Release.CERTIFICATE);
        Remaking remaking = found.map(ReleaseReader::remaking).orElse(Remaking.CERTIFIED);
        return new ProjectFile.Release(smoke, plan, onStop, limits, log, protect, validFor, deciding(found), remaking);
    }

    private Deciding deciding(Optional<Yaml.Value> release) {
        RiskTier tier = root.has("risk-tier") ? riskTier() : RiskTier.LOW;
        return release.map(map -> ReleaseReader.deciding(map, tier)).orElse(Deciding.DEFAULT);
    }

    private RiskTier riskTier() {
        try {
            return RiskTier.of(root.text("risk-tier", "low"));
        } catch (IllegalArgumentException e) {
            // said where the tier itself is read
            return RiskTier.LOW;
        }
    }

    private static OnStop onStop(Yaml.Value release) {
        Optional<Yaml.Value> constant = release.get("on-stop").filter(Yaml.Value::isMap);
        if (constant.isPresent()) {
            Yaml.Value map = constant.get().only("constant");
            map.need("constant");
            double value = map.number("constant", 0);
            if (!Double.isFinite(value)) {
                map.error("expected a finite number, got " + value);
                return new OnStop.Previous();
            }
            return new OnStop.Constant(value);
        }
        return release.read(
                "on-stop", new OnStop.Previous(), "previous, refuse, alert or {constant: VALUE}", OnStop::of);
    }
}
