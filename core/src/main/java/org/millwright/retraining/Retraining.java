package org.millwright.retraining;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.millwright.alert.Clause;
import org.millwright.alert.Judgement;
import org.millwright.alert.Verdict;
import org.millwright.project.Agreement;
import org.millwright.project.Hours;

/** Whether there is a reason to train again, by the agreement's own tree, and whether anything holds it back. Pure. */
public final class Retraining {
    /** Of an occasion's name, which databases keep. */
    private static final int MOST_ID = 280;

    private Retraining() {}

    /**
     * What is known when the question comes up.
     *
     * @param agreed since when the agreement is in force
     * @param watching since when this server looks at the clock
     * @param broken alerts whose newest judged window broke their clause
     * @param champion version that answers most requests now
     * @param lastDataEnd end of the data of the last retraining, or of the champion's training; 0 when unknown
     * @param newLabels outcomes of predictions that are for a time after that
     * @param known event time up to which there is data to train on, unless a condition says more; 0 when unknown
     * @param arrived the newest accepted version of each data set
     * @param push the newest push of the project's files
     * @param fired by condition of the calendar the last of its times that started a run
     * @param past runs of the pipeline, newest first
     */
    public record Facts(
            Instant now,
            Instant agreed,
            Instant watching,
            List<Broken> broken,
            String champion,
            long lastDataEnd,
            long newLabels,
            long known,
            List<Arrived> arrived,
            Optional<Arrived> push,
            Map<String, Instant> fired,
            List<Past> past) {
        public Facts {
            broken = List.copyOf(broken);
            arrived = List.copyOf(arrived);
            fired = Map.copyOf(fired);
            past = List.copyOf(past);
        }

        /** As for a question that no alert raises: those have questions of their own. */
        Facts withoutAlerts() {
            return new Facts(
                    now,
                    agreed,
                    watching,
                    List.of(),
                    champion,
                    lastDataEnd,
                    newLabels,
                    known,
                    arrived,
                    push,
                    fired,
                    past);
        }

        /** From here on conditions count: since the last training, or since they were agreed on. */
        Instant since() {
            return past.stream()
                    .map(Past::start)
                    .filter(agreed::isBefore)
                    .findFirst()
                    .orElse(agreed);
        }
    }

    /**
     * An open alert.
     *
     * @param newest verdicts on its clause that say something, of leading versions, newest window first
     * @param trained how often it has started a run
     */
    public record Broken(Clause clause, String alert, List<Judgement> newest, int trained) {
        public Broken {
            newest = List.copyOf(newest);
        }
    }

    /** Something that came: data or files. @param dataEnd moment after the period that it covers; 0 when it covers none */
    public record Arrived(String name, String ref, Instant at, long dataEnd) {}

    /** A run of the pipeline. @param automatic whether no person started it */
    public record Past(Instant start, Optional<Instant> end, boolean automatic, boolean failed) {}

    /**
     * A condition that has come.
     *
     * @param id the same for the same occasion
     * @param dataEnd event time up to which it says that there is data; 0 when it does not say
     */
    record Event(String id, String text, Optional<Broken> broken, long dataEnd) {}

    /** To train or not, and why. */
    public sealed interface Decision {
        /**
         * @param event the occasion; the same never starts two
         * @param dataEnd event time up to which there is data to train on
         */
        record Train(String pipeline, String event, long dataEnd, String reason) implements Decision {}

        /**
         * @param event the occasion that waits
         * @param code {@code not-agreed}, {@code kept}, {@code replaced}, {@code trained}, {@code incomplete}, {@code running},
         *     {@code gave-up}, {@code cool-down}, {@code no-data}, {@code few-labels}, {@code budget} or {@code hours}
         */
        record Wait(String event, String code, String reason) implements Decision {}

        /** Nothing has come that could start a run. */
        record Idle() implements Decision {}
    }

    record Objection(String code, String reason) {}

    /** @param asked the alert that raises the question; empty when time, data, labels or files may have */
    public static Decision decide(Optional<Agreement.Retrain> agreed, Facts facts, Optional<Broken> asked) {
        Optional<Objection> not = asked.flatMap(broken -> notAgreed(agreed, broken))
                .or(() -> asked.isPresent() && isRunning(facts) ? running() : Optional.empty())
                .or(() -> asked.flatMap(broken -> objection(agreed.orElseThrow(), facts, broken)));
        String alert = asked.map(broken -> "alert:" + broken.alert()).orElse("");
        if (not.isPresent()) {
            return new Decision.Wait(alert, not.get().code(), not.get().reason());
        }
        if (agreed.isEmpty()) {
            return new Decision.Idle();
        }
        Agreement.Retrain rule = agreed.get();
        List<Event> events = new Conditions(rule, asked.isPresent() ? facts : facts.withoutAlerts()).met();
        if (events.isEmpty()) {
            return asked.isEmpty()
                    ? new Decision.Idle()
                    : new Decision.Wait(
                            alert, "incomplete", "Waits for " + rule.when().text());
        }
        String id = asked.isPresent() ? alert : id(events);
        return heldBack(rule, facts, events)
                .<Decision>map(found -> new Decision.Wait(id, found.code(), found.reason()))
                .orElseGet(
                        () -> new Decision.Train(rule.pipeline(), id, dataEnd(facts, events), reason(facts, events)));
    }

    private static Optional<Objection> notAgreed(Optional<Agreement.Retrain> agreed, Broken broken) {
        String clause = broken.clause().text();
        return agreed.filter(rule -> rule.when().watches(clause)).isPresent()
                ? Optional.empty()
                : Optional.of(
                        new Objection("not-agreed", "The agreement does not retrain on " + clause + ": investigate"));
    }

    /** Why a broken clause is no reason yet. */
    static Optional<Objection> objection(Agreement.Retrain rule, Facts facts, Broken broken) {
        if (broken.newest().isEmpty() || broken.newest().getFirst().verdict() != Verdict.BROKEN) {
            return Optional.of(new Objection("kept", "The newest judged window keeps the clause"));
        }
        Judgement newest = broken.newest().getFirst();
        if (!newest.version().equals(facts.champion())) {
            return Optional.of(new Objection(
                    "replaced",
                    "Version " + newest.version() + " broke the clause; version " + facts.champion()
                            + " has replaced it"));
        }
        if (facts.past().stream().anyMatch(run -> !run.failed() && run.start().toEpochMilli() > newest.judgedAt())) {
            return Optional.of(new Objection("trained", "A training has begun since the window was judged"));
        }
        long count = count(rule, broken);
        return count >= rule.broken()
                ? Optional.empty()
                : Optional.of(new Objection(
                        "kept",
                        "Only " + count + " of the last " + rule.windows() + " windows broke the clause (agreed: "
                                + rule.broken() + ")"));
    }

    static long count(Agreement.Retrain rule, Broken broken) {
        return broken.newest().stream()
                .limit(rule.windows())
                .filter(judgement -> judgement.verdict() == Verdict.BROKEN)
                .count();
    }

    /** What keeps a run from starting although its conditions have come. */
    private static Optional<Objection> heldBack(Agreement.Retrain rule, Facts facts, List<Event> events) {
        List<Broken> broken =
                events.stream().flatMap(event -> event.broken().stream()).toList();
        Optional<Objection> first = isRunning(facts) ? running() : gaveUp(rule, facts, broken);
        return first.or(() -> broken.isEmpty()
                        ? sinceStart(rule, facts)
                        : sinceData(rule, facts, dataEnd(facts, events))
                                .or(() -> notIn(facts, dataEnd(facts, events)))
                                .or(() -> fewLabels(rule, facts)))
                .or(() -> rule.budget().flatMap(budget -> spent(budget, facts)))
                .or(() -> outside(rule.hours(), facts));
    }

    private static boolean isRunning(Facts facts) {
        return facts.past().stream()
                .anyMatch(run -> run.automatic() && run.end().isEmpty());
    }

    private static Optional<Objection> running() {
        return Optional.of(new Objection("running", "A retraining is already running"));
    }

    /** After so many in a row that changed nothing, somebody has to look. */
    private static Optional<Objection> gaveUp(Agreement.Retrain rule, Facts facts, List<Broken> broken) {
        int trained = broken.stream().mapToInt(Broken::trained).max().orElse(0);
        if (trained >= rule.attempts()) {
            return Optional.of(new Objection(
                    "gave-up",
                    trained + " retrainings did not end the alert (agreed: " + rule.attempts()
                            + " attempts); somebody has to look and resolve it"));
        }
        long failed = facts.past().stream().takeWhile(Past::failed).count();
        return failed < rule.attempts()
                ? Optional.empty()
                : Optional.of(new Objection(
                        "gave-up",
                        "The last " + failed + " runs failed (agreed: " + rule.attempts()
                                + " attempts); a run by hand that comes to its end lets it go on"));
    }

    private static Optional<Objection> sinceData(Agreement.Retrain rule, Facts facts, long dataEnd) {
        Duration since = Duration.ofMillis(dataEnd - facts.lastDataEnd());
        return facts.lastDataEnd() == 0 || since.compareTo(rule.coolDown()) >= 0
                ? Optional.empty()
                : Optional.of(new Objection(
                        "cool-down",
                        "Data up to " + day(dataEnd) + " is only " + since.toDays()
                                + " days newer than that of the last training (agreed: "
                                + rule.coolDown().toDays() + " days)"));
    }

    /** Data sets that come in periods end before the window that broke: a run of that month would find nothing. */
    private static Optional<Objection> notIn(Facts facts, long dataEnd) {
        long in = facts.arrived().stream().mapToLong(Arrived::dataEnd).max().orElse(0);
        return in == 0 || in >= dataEnd
                ? Optional.empty()
                : Optional.of(new Objection(
                        "no-data", "Waits for data up to " + day(dataEnd) + "; what came in ends with " + day(in)));
    }

    private static Optional<Objection> sinceStart(Agreement.Retrain rule, Facts facts) {
        return facts.past().stream()
                .findFirst()
                .map(run -> Duration.between(run.start(), facts.now()))
                .filter(since -> since.compareTo(rule.coolDown()) < 0)
                .map(since -> new Objection(
                        "cool-down",
                        "The last training began " + since.toHours() + " hours ago (agreed: "
                                + rule.coolDown().toHours() + " hours)"));
    }

    private static Optional<Objection> fewLabels(Agreement.Retrain rule, Facts facts) {
        return facts.newLabels() >= rule.minNewLabels()
                ? Optional.empty()
                : Optional.of(new Objection(
                        "few-labels",
                        "Only " + facts.newLabels() + " new labels since the last training (agreed: "
                                + rule.minNewLabels() + ")"));
    }

    private static Optional<Objection> spent(Agreement.Budget budget, Facts facts) {
        Instant from = facts.now().minus(budget.per());
        List<Past> counted = facts.past().stream()
                .filter(run -> run.automatic() && run.start().isAfter(from))
                .toList();
        if (budget.runs().filter(most -> counted.size() >= most).isPresent()) {
            return Optional.of(new Objection(
                    "budget",
                    counted.size() + " retrainings in " + budget.per().toDays() + " days (agreed: at most "
                            + budget.runs().get() + ")"));
        }
        long minutes = counted.stream()
                .mapToLong(run -> Duration.between(run.start(), run.end().orElse(facts.now()))
                        .toMinutes())
                .sum();
        return budget.minutes()
                .filter(most -> minutes >= most)
                .map(most -> new Objection(
                        "budget",
                        "Retrainings took " + minutes + " minutes in "
                                + budget.per().toDays() + " days (agreed: at most " + most + ")"));
    }

    private static Optional<Objection> outside(List<Hours> hours, Facts facts) {
        return hours.isEmpty() || hours.stream().anyMatch(each -> each.contains(facts.now()))
                ? Optional.empty()
                : Optional.of(new Objection(
                        "hours",
                        "It starts " + hours.stream().map(Hours::text).collect(Collectors.joining(" or ")) + " only"));
    }

    private static long dataEnd(Facts facts, List<Event> events) {
        long broken = events.stream()
                .filter(event -> event.broken().isPresent())
                .mapToLong(Event::dataEnd)
                .max()
                .orElse(0);
        long said = events.stream().mapToLong(Event::dataEnd).max().orElse(0);
        return broken > 0 ? broken : said > 0 ? said : facts.known();
    }

    /** Of several occasions at once, those of the calendar first: they must not come again. */
    private static String id(List<Event> events) {
        String joined = events.stream()
                .map(Event::id)
                .sorted((a, b) -> Boolean.compare(b.startsWith("cron:"), a.startsWith("cron:")))
                .collect(Collectors.joining(" + "));
        int cut = joined.length() <= MOST_ID ? joined.length() : joined.lastIndexOf(" + ", MOST_ID);
        return joined.substring(0, cut < 0 ? MOST_ID : cut);
    }

    private static String reason(Facts facts, List<Event> events) {
        String texts = events.stream().map(Event::text).collect(Collectors.joining(", "));
        long end = dataEnd(facts, events);
        return texts + "; " + facts.newLabels() + " new labels" + (end > 0 ? ", data up to " + day(end) : "");
    }

    private static String day(long millis) {
        return Instant.ofEpochMilli(millis - 1).toString().substring(0, 10);
    }
}
