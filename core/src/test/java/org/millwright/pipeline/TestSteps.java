package org.millwright.pipeline;

import static org.millwright.pipeline.StepKind.Form.ARGUMENTS;
import static org.millwright.pipeline.StepKind.Form.CODE;
import static org.millwright.pipeline.StepKind.Form.DATA;
import static org.millwright.pipeline.StepKind.Form.INPUTS;
import static org.millwright.pipeline.StepKind.Form.OUTPUTS;
import static org.millwright.pipeline.StepKind.may;
import static org.millwright.pipeline.StepKind.need;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.millwright.artifact.Artifacts;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;

/** Kinds of steps whose work is small: join texts, wait to be told, fail until told otherwise. */
final class TestSteps {
    final Map<String, AtomicInteger> ran = new ConcurrentHashMap<>();
    final Map<String, CountDownLatch> holds = new ConcurrentHashMap<>();
    final Map<String, String> fails = new ConcurrentHashMap<>();
    final CountDownLatch waiting = new CountDownLatch(1);
    private final Artifacts artifacts;

    TestSteps(Artifacts artifacts) {
        this.artifacts = artifacts;
    }

    StepKinds kinds() {
        return new StepKinds(List.of(new Join()));
    }

    int runs(String step) {
        return ran.getOrDefault(step, new AtomicInteger()).get();
    }

    /** Joins its inputs and its file's text; gives one JSON output a declared name. */
    private final class Join implements StepRunner {
        @Override
        public StepKind kind() {
            return new StepKind(
                    "join",
                    1,
                    List.of(
                            need("run", ARGUMENTS),
                            may("code", CODE),
                            may("inputs", INPUTS),
                            may("outputs", OUTPUTS),
                            may("note", DATA)),
                    Map.of("text", OutputType.JSON),
                    true,
                    false);
        }

        @Override
        public Result run(StepContext context) throws Exception {
            String id = context.step().id();
            ran.computeIfAbsent(id, key -> new AtomicInteger()).incrementAndGet();
            context.log().say("working on " + id);
            CountDownLatch hold = holds.get(id);
            if (hold != null) {
                waiting.countDown();
                context.cancellation().onCancel(hold::countDown);
                hold.await();
                if (context.cancellation().isCancelled()) {
                    throw new Problem.Unavailable("cancelled", "");
                }
            }
            String failure = fails.get(id);
            if (failure != null) {
                throw failure.startsWith("no:") ? new Problem.Refused(failure, "") : new IllegalStateException(failure);
            }
            var parts = new ArrayList<String>(context.arguments(Map.of(), Map.of()));
            context.inputs().values().forEach(input -> parts.add(input.digest()));
            String sha256 = artifacts
                    .put(Json.canonical(parts).getBytes(StandardCharsets.UTF_8))
                    .sha256();
            return new Result(
                    List.of(new Output("text", OutputType.JSON, sha256, Json.object())), parts.size() + " parts");
        }
    }
}
