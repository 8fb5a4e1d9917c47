package org.millwright.pipeline;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.millwright.kernel.Json;
import org.millwright.project.ProjectFile;

/** What makes two steps the same: named parts, and one digest over them. */
public record CacheKey(Map<String, String> parts) {
    /** Raised when the meaning of a part changes. */
    private static final String FORMAT = "1";

    public CacheKey {
        parts = java.util.Collections.unmodifiableMap(new TreeMap<>(parts));
    }

    public String digest() {
        return Json.digest(parts);
    }

    /** @param files digests of the project's files by name */
    static CacheKey of(StepContext context, StepRunner runner, Map<String, String> files) {
        StepKind kind = runner.kind();
        Step step = context.step();
        var parts = new TreeMap<String, String>();
        parts.put("format", FORMAT);
        parts.put("kind", kind.name() + " " + kind.version());
        if (!step.run().isEmpty()) {
            parts.put("command", String.join(" ", step.run()));
        }
        parts.put("outputs", step.outputs().toString());
        parts.put("settings", Json.canonical(context.settings()));
        context.visible().forEach((name, value) -> parts.put("parameter " + name, value));
        context.inputs().forEach((name, output) -> parts.put("input " + name, output.digest()));
        if (step.inputs().isEmpty()) {
            context.upstream()
                    .forEach((before, outputs) -> outputs.forEach(
                            (name, output) -> parts.put("input " + before + "." + name, output.digest())));
        }
        Predicate<String> code = code(step, kind);
        files.forEach((name, sha256) -> {
            if (code.test(name)) {
                parts.put("code " + name, sha256);
            }
        });
        if (kind.environment()) {
            parts.put(
                    "threads", Integer.toString(context.project().environment().threads()));
        }
        parts.putAll(runner.alsoKeyedBy(context));
        return new CacheKey(parts);
    }

    /** The project's files that a step consists of: those it names, and what its patterns match. */
    public static Predicate<String> code(Step step, StepKind kind) {
        Predicate<String> named = step.files()::contains;
        if (!kind.has(StepKind.Form.CODE)) {
            return named;
        }
        if (step.code().isEmpty()) {
            return file -> !List.of(PipelineFile.FILE, ProjectFile.FILE).contains(file);
        }
        List<PathMatcher> patterns = step.code().get().stream()
                .map(pattern -> FileSystems.getDefault().getPathMatcher("glob:" + pattern))
                .toList();
        return named.or(file -> patterns.stream().anyMatch(pattern -> pattern.matches(Path.of(file))));
    }

    /** A part that differs. */
    public record Difference(String part, Optional<String> before, Optional<String> now) {}

    /** Where the parts of an earlier step and of this one differ, by name; nothing when they are the same. */
    static List<Difference> differences(Map<String, String> before, Map<String, String> now) {
        var names = new java.util.TreeSet<>(before.keySet());
        names.addAll(now.keySet());
        return names.stream()
                .filter(name -> !java.util.Objects.equals(before.get(name), now.get(name)))
                .map(name ->
                        new Difference(name, Optional.ofNullable(before.get(name)), Optional.ofNullable(now.get(name))))
                .toList();
    }

    /** How many parts two keys do not share. */
    static int distance(Map<String, String> a, Map<String, String> b) {
        return differences(a, b).size();
    }
}
