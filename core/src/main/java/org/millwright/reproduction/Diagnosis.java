package org.millwright.reproduction;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millwright.pipeline.Output;
import org.millwright.pipeline.Step;
import org.millwright.pipeline.Trees;

/**
 * Why a model that was made again differs, found by trying: the first step that differs is done once more with the same
 * inputs. If that gives a third result, the step is at fault; if not, its surroundings are.
 */
final class Diagnosis {
    private static final String PYTHON = "python";

    private final Recording recording;
    private final Rerun rerun;
    private final Trees trees;
    private final Facts facts;

    Diagnosis(Recording recording, Rerun rerun, Trees trees, Facts facts) {
        this.recording = recording;
        this.rerun = rerun;
        this.trees = trees;
        this.facts = facts;
    }

    /**
     * What was found.
     *
     * @param step the first that differs; "" when none does
     * @param evidence what speaks for the cause, one a line
     */
    record Found(Cause cause, String step, List<String> evidence) {
        String sentence() {
            return (step.isEmpty() ? "Likely cause: " : "Step " + step + " is the first that differs; likely cause: ")
                    + cause.words()
                    + (evidence.isEmpty() ? "" : " (" + String.join("; ", evidence) + ")");
        }
    }

    Found find() throws Exception {
        Optional<Step> first = first();
        if (first.isEmpty()) {
            return new Found(Cause.UNKNOWN, "", List.of());
        }
        Step step = first.get();
        int threads = recording.file().environment().threads();
        Map<String, Output> before = new LinkedHashMap<>(rerun.made().getOrDefault(step.id(), Map.of()));
        if (same(before, rerun.once(step, threads))) {
            return facts.likely()
                    .map(likely -> new Found(likely.cause(), step.id(), likely.evidence()))
                    .orElseGet(() -> new Found(Cause.UNKNOWN, step.id(), List.of()));
        }
        if (!step.kind().equals(PYTHON)) {
            return new Found(Cause.UNSTABLE, step.id(), List.of("done twice in the same environment, it differed"));
        }
        if (threads > 1 && same(rerun.once(step, 1), rerun.once(step, 1))) {
            return new Found(
                    Cause.THREADS,
                    step.id(),
                    List.of("done twice with " + threads + " threads it differed, with one thread it did not"));
        }
        return new Found(
                Cause.SEED,
                step.id(),
                List.of("done twice with the same inputs and seed it differed"
                        + (threads > 1 ? ", with one thread as well" : "")));
    }

    private boolean same(Map<String, Output> one, Map<String, Output> other) {
        return Rerun.differences(trees, one, other).isEmpty();
    }

    /** The first step that differs although everything that it read was the same. */
    private Optional<Step> first() {
        Map<String, List<String>> differences = rerun.differences(trees);
        return recording.again().stream()
                .filter(step -> !differences.getOrDefault(step.id(), List.of()).isEmpty())
                .findFirst();
    }
}
