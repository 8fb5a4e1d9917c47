package org.millwright.insight;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.millwright.insight.Assessment.Answer;
import org.millwright.insight.Estate.Held;
import org.millwright.insight.Estate.Serving;
import org.millwright.project.Agreement;

/**
 * How the records answer each criterion, by its id. An answer is found in evidence only, never in the lack of some, so that
 * more evidence about the same estate cannot lower a level.
 */
final class Questions {
    private static final long DAY = 86_400_000;
    private static final List<String> SAME = List.of("BIT_IDENTICAL", "SAME_PREDICTIONS", "WITHIN_TOLERANCE");
    private static final Map<String, Function<Estate, Answer>> ALL = new LinkedHashMap<>();

    static {
        sources();
        environments();
        packages();
        registry();
        validation();
        delivery();
        training();
        monitoring();
        governance();
    }

    private Questions() {}

    static java.util.Set<String> ids() {
        return ALL.keySet();
    }

    static Map<String, Answer> answers(Estate estate) {
        var answers = new LinkedHashMap<String, Answer>();
        ALL.forEach((id, question) -> answers.put(id, question.apply(estate)));
        return answers;
    }

    private static void sources() {
        project("source-kept", held -> subject(held.first("source.kept")));
        version(
                "commit-known",
                serving -> subject(serving.ofRun("pipeline-run.started")
                        .filter(event -> !event.text("commit").isEmpty())));
        version(
                "commit-clean",
                serving -> subject(serving.ofRun("pipeline-run.started")
                        .filter(event -> !event.text("commit").isEmpty()
                                && !event.details().path("dirty").asBoolean(true))));
        project("pushes-known", held -> subject(held.first("source.pushed")));
    }

    private static void environments() {
        project("environment-locked", held -> subject(held.first("environment.locked", "environment.built")));
        project("environment-built", held -> subject(held.first("environment.built")));
        version("reproduced", serving -> reproduced(serving, Long.MIN_VALUE));
        each(
                "reproduced-lately",
                estate -> estate.production(),
                Serving::ref,
                (estate, serving) -> reproduced(serving, estate.at() - 90 * DAY));
    }

    private static Optional<String> reproduced(Serving serving, long from) {
        return subject(serving.project().story().about(serving.ref()).stream()
                .filter(event -> event.is("model.reproduced"))
                .filter(event -> event.at() >= from && SAME.contains(event.text("verdict")))
                .findFirst());
    }

    private static void packages() {
        version("bundled", serving -> subject(serving.first("model.bundled")));
        version("handed-off", serving -> subject(handOff(serving)));
        version(
                "edges-agree",
                serving -> subject(handOff(serving)
                        .filter(event -> event.details().path("blocking").isEmpty())));
        version("signed", serving -> subject(serving.first("model.version-certified")));
    }

    private static Optional<Event> handOff(Serving serving) {
        return serving.project().story().about(serving.ref()).stream()
                .filter(event -> event.is("model.hand-off-checked"))
                .filter(event -> event.details().path("agreed").asBoolean())
                .findFirst();
    }

    private static void registry() {
        version("owned", serving -> Optional.of(serving.project().ref()));
        version("data-known", serving -> serving.data().stream().findFirst());
        version("pipeline-made", Serving::run);
        version("certified", serving -> subject(serving.first("model.version-certified")));
    }

    private static void validation() {
        project(
                "data-checked",
                held -> subject(acted(held, "dataset.version-accepted", "dataset.version-quarantined")
                        .filter(event -> !event.text("contract").isEmpty())
                        .findFirst()));
        version("gate-passed", serving -> gate(serving, false));
        version("gate-compares", serving -> gate(serving, true));
        version(
                "fairness-agreed",
                serving -> agreed(
                        serving.project(), agreement -> !agreement.fairness().isEmpty()));
    }

    private static Optional<String> gate(Serving serving, boolean compares) {
        return serving.run()
                .flatMap(run -> serving.project().story().about(run).stream()
                        .filter(event -> event.is("gate.judged"))
                        .filter(event -> event.details().path("passed").asBoolean())
                        .filter(event ->
                                !compares || event.details().path("compares").asBoolean())
                        .findFirst()
                        .flatMap(event -> event.about("gate").map(id -> "gate:" + id)));
    }

    private static void delivery() {
        version("release-asked", serving -> subject(serving.first("release.requested")));
        version("smoke-tested", serving -> subject(serving.first("deployment.staged")));
        version("stepwise", serving -> subject(serving.first("deployment.canary-started")));
        version(
                "way-back",
                serving -> subject(serving.atDeployment("deployment.rolled-back", "deployment.canary-abandoned")));
    }

    private static void training() {
        project("trains-in-pipeline", held -> subject(held.first("pipeline-run.started")));
        project("trained-again", held -> {
            List<Event> runs = held.story().acted("pipeline-run.started");
            return runs.size() > 1 ? subject(Optional.of(runs.getLast())) : Optional.empty();
        });
        project(
                "retraining-agreed",
                held -> agreed(held, agreement -> agreement.retrain().isPresent()));
        project(
                "trained-by-event",
                held -> acted(held, "alert.retraining-decided", "deployment.retraining-decided")
                        .filter(event -> event.text("decision").equals("train"))
                        .findFirst()
                        .map(event -> event.text("run").isEmpty()
                                ? event.subjects().getFirst()
                                : "run:" + event.text("run")));
    }

    private static void monitoring() {
        version("windows-judged", Serving::judged);
        version(
                "clauses-agreed",
                serving -> agreed(
                        serving.project(),
                        agreement -> !agreement.performance().isEmpty()
                                && agreement.drift().isPresent()));
        version("outcomes-known", Serving::outcomes);
        version("alerts-handled", serving -> subject(serving.atDeployment("alert.acknowledged", "alert.resolved")));
    }

    private static void governance() {
        project("project-approved", held -> subject(held.first("project.approved")));
        version("release-approved", serving -> subject(serving.first("approval.approved")));
        version(
                "agreed-by-two",
                serving -> subject(serving.project().story().acted("agreement.in-force").stream()
                        .filter(event -> !event.details().path("alone").asBoolean(true))
                        .findFirst()));
        each(
                "reviewed-lately",
                Estate::projects,
                Held::ref,
                (estate, held) -> subject(acted(held, "project.approved", "project.refused", "project.reviewed")
                        .filter(event -> event.at() >= estate.at() - 365 * DAY)
                        .findFirst()));
    }

    /** Events of some actions, those of an action oldest first. */
    private static Stream<Event> acted(Held held, String... actions) {
        return Stream.of(actions).flatMap(action -> held.story().acted(action).stream());
    }

    private static Optional<String> agreed(Held held, java.util.function.Predicate<Agreement> says) {
        return held.agreement().filter(says).map(agreement -> "agreement:" + agreement.model());
    }

    private static Optional<String> subject(Optional<Event> event) {
        return event.map(found -> found.subjects().getFirst());
    }

    private static void project(String id, Function<Held, Optional<String>> evidence) {
        each(id, Estate::projects, Held::ref, (estate, held) -> evidence.apply(held));
    }

    private static void version(String id, Function<Serving, Optional<String>> evidence) {
        each(id, Estate::production, Serving::ref, (estate, serving) -> evidence.apply(serving));
    }

    /** Asks each of some things for evidence; what has none is missing. */
    private static <T> void each(
            String id,
            Function<Estate, List<T>> things,
            Function<T, String> name,
            java.util.function.BiFunction<Estate, T, Optional<String>> evidence) {
        ALL.put(id, estate -> {
            var found = new ArrayList<String>();
            var missing = new ArrayList<String>();
            for (T thing : things.apply(estate)) {
                evidence.apply(estate, thing).ifPresentOrElse(found::add, () -> missing.add(name.apply(thing)));
            }
            return new Answer(
                    found.stream().distinct().toList(),
                    missing.stream().distinct().toList());
        });
    }
}
