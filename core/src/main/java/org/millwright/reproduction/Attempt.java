package org.millwright.reproduction;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.millwright.environment.Environment;
import org.millwright.environment.Environments;
import org.millwright.environment.Unbuildable;
import org.millwright.identity.Actor;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.pipeline.Cancellation;
import org.millwright.pipeline.Step;
import org.millwright.pipeline.StepAttempt;
import org.millwright.pipeline.Trees;
import org.millwright.scoring.bundle.Bundle;
import org.millwright.scoring.signing.TrustedKey;

/** The work of one reproduction: environment, steps, comparison, and why it differs. */
final class Attempt {
    private static final String ENVIRONMENT = "environment/environment.json";
    private static final int LONGEST = 1_000;
    private static final Pattern PROGRESS =
            Pattern.compile("^(Using|Resolved|Creating|Prepared|Download(ing|ed)|Installed|Audited|warning:) ");
    private static final Pattern SIGNS = Pattern.compile("^(×|╰─▶|├─▶|│|error:)\\s*");

    private final Reproduction reproduction;
    private final Recording recording;
    private final Tools tools;
    private final Actor actor;
    private final Path folder;
    private final Cancellation cancellation;
    private final BiConsumer<Double, String> progress;
    private final Consumer<String> tracking;

    /** What every attempt uses. */
    record Tools(Environments environments, Workbench workbench, Trees trees, Clock clock, Keys keys) {
        /** Whose signatures of bundles are believed. */
        interface Keys {
            Collection<TrustedKey> trusted();
        }
    }

    Attempt(
            Reproduction reproduction,
            Recording recording,
            Tools tools,
            Actor actor,
            Path folder,
            Cancellation cancellation,
            BiConsumer<Double, String> progress,
            Consumer<String> tracking) {
        this.reproduction = reproduction;
        this.recording = recording;
        this.tools = tools;
        this.actor = actor;
        this.folder = folder;
        this.cancellation = cancellation;
        this.progress = progress;
        this.tracking = tracking;
    }

    /** What came out; {@code report} tells everything. */
    record Outcome(Verdict verdict, Cause cause, String reason, ObjectNode report) {}

    /** Makes the version again; the caller discards the environment of the reproduction's id. */
    Outcome run() throws Exception {
        Bundle bundle = bundle();
        Environment environment = environment();
        var rerun = new Rerun(
                reproduction,
                recording,
                actor,
                environment,
                tools.workbench().runners(environment, reproduction.occasion().isByItself()),
                folder,
                tools.clock(),
                tracking,
                cancellation);
        int done = 0;
        for (Step step : recording.again()) {
            progress.accept((done++ + 1.0) / (recording.again().size() + 2), "step " + step.id());
            step(rerun, step);
        }
        progress.accept(0.95, "comparing");
        return compared(bundle, rerun);
    }

    private Bundle bundle() throws IOException {
        if (recording.version().bundle().isEmpty()) {
            throw new CannotRerun(Cause.NO_RECORD, "It has no bundle: there is nothing to compare with");
        }
        Files.createDirectories(folder);
        return Comparison.bundle(recording, tools.trees(), tools.keys().trusted(), folder.resolve("bundle"));
    }

    private Environment environment() {
        String python = recording.file().environment().python();
        try {
            tools.environments().interpreter(python);
        } catch (Problem.Unavailable e) {
            throw new CannotRerun(Cause.INTERPRETER_MISSING, "Python " + python + ": " + e.getMessage());
        }
        try {
            progress.accept(
                    0.0, "building the environment of " + recording.lock().packages() + " packages");
            return tools.environments()
                    .rebuild(
                            actor,
                            recording.run().project(),
                            recording.lock(),
                            python,
                            reproduction.id(),
                            built -> progress.accept(0.0, "environment: " + built.text()));
        } catch (Unbuildable e) {
            String said = cut(plain(String.valueOf(e.getMessage())));
            throw switch (e.why()) {
                case GONE -> new CannotRerun(Cause.PACKAGE_GONE, "Its environment cannot be built again: " + said);
                case ALTERED ->
                    new CannotRerun(Cause.PACKAGE_ALTERED, "Its environment cannot be built again: " + said);
                case UNREACHABLE ->
                    new Problem.Unavailable(
                            "The package index could not be asked, which says nothing about the version: " + said,
                            "Ask again when the index answers.");
            };
        }
    }

    /** In one line, without what the installer says of its progress. */
    private static String plain(String said) {
        String plain = said.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !PROGRESS.matcher(line).find())
                .map(line -> SIGNS.matcher(line).replaceFirst(""))
                .collect(Collectors.joining(" "));
        return plain.isEmpty() ? said : plain;
    }

    private void step(Rerun rerun, Step step) throws Exception {
        try {
            rerun.next(step);
        } catch (Problem | IOException | UncheckedIOException e) {
            if (cancellation.isCancelled()) {
                throw e;
            }
            throw new CannotRerun(
                    Cause.STEP_FAILED,
                    "Step " + step.id() + " succeeded then and fails now: " + cut(String.valueOf(e.getMessage())));
        }
    }

    private Outcome compared(Bundle bundle, Rerun rerun) throws Exception {
        Comparison.Found found = new Comparison(recording, rerun, tools.workbench(), tools.trees()).of(bundle);
        Facts facts = Facts.between(described(bundle), rerun.environment().description(), millwright(rerun));
        ObjectNode report = found.json();
        report.set("environment", environment(rerun.environment()));
        report.set("surroundings", facts.json());
        report.set("steps", steps(rerun));
        if (found.verdict().compareTo(Verdict.SAME_PREDICTIONS) <= 0) {
            return new Outcome(found.verdict(), Cause.NONE, found.why(), report);
        }
        progress.accept(0.97, "looking for the cause");
        Diagnosis.Found cause = new Diagnosis(recording, rerun, tools.trees(), facts).find();
        report.set("diagnosis", Json.tree(cause));
        return new Outcome(found.verdict(), cause.cause(), found.why() + ". " + cause.sentence(), report);
    }

    private JsonNode environment(Environment environment) {
        return Json.object()
                .put("rebuilt", "anew from the lock, every package asked of the index again")
                .put("lock", environment.lockSha256())
                .put("python", environment.python())
                .put("platform", environment.platform())
                .put("packages", environment.description().path("packages").size())
                .put("milliseconds", environment.builtAt().orElse(environment.createdAt()) - environment.createdAt());
    }

    private JsonNode steps(Rerun rerun) {
        Map<String, List<String>> differences = rerun.differences(tools.trees());
        var steps = Json.array();
        recording.again().forEach(step -> {
            List<String> differs = differences.getOrDefault(step.id(), List.of());
            steps.addObject()
                    .put("step", step.id())
                    .put("kind", step.kind())
                    .put("milliseconds", rerun.millis(step.id()))
                    .put("same", differs.isEmpty())
                    .set("differs", Json.tree(differs));
        });
        return steps;
    }

    private static JsonNode described(Bundle bundle) {
        try {
            return Json.parse(bundle.file(ENVIRONMENT));
        } catch (IOException | RuntimeException e) {
            return Json.object();
        }
    }

    /** Where a kind of step is done otherwise than when it was recorded. */
    private List<String> millwright(Rerun rerun) {
        var differences = new ArrayList<String>();
        for (Step step : recording.again()) {
            Map<String, String> then = Optional.ofNullable(recording.attempts().get(step.id()))
                    .map(StepAttempt::keyParts)
                    .orElse(Map.of());
            rerun.keyedBy(step).forEach((name, now) -> {
                String was = then.get(name);
                if (was != null && !was.equals(now)) {
                    differences.add("step " + step.id() + ", " + name + ": " + was + " → " + now);
                }
            });
        }
        return differences;
    }

    private static String cut(String text) {
        return text.length() > LONGEST ? "…" + text.substring(text.length() - LONGEST) : text;
    }
}
