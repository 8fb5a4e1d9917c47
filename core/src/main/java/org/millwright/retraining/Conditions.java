package org.millwright.retraining;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.millwright.project.Agreement;
import org.millwright.project.CronTimes;
import org.millwright.project.Trigger;

/** Which conditions of an agreement's tree have come since the last training. Pure. */
final class Conditions {
    private final Agreement.Retrain rule;
    private final Retraining.Facts facts;

    Conditions(Agreement.Retrain rule, Retraining.Facts facts) {
        this.rule = rule;
        this.facts = facts;
    }

    /** What makes the tree true; empty when it is not. */
    List<Retraining.Event> met() {
        return met(rule.when());
    }

    private List<Retraining.Event> met(Trigger trigger) {
        return switch (trigger) {
            case Trigger.Any any ->
                any.of().stream().flatMap(each -> met(each).stream()).distinct().toList();
            case Trigger.All all -> {
                List<Retraining.Event> events = new ArrayList<>();
                for (Trigger each : all.of()) {
                    List<Retraining.Event> part = met(each);
                    if (part.isEmpty()) {
                        yield List.of();
                    }
                    events.addAll(part);
                }
                yield events.stream().distinct().toList();
            }
            case Trigger.Broken broken -> broken(broken);
            case Trigger.Cron cron -> cron(cron).stream().toList();
            case Trigger.Every every -> every(every).stream().toList();
            case Trigger.NewData data -> data(data).stream().toList();
            case Trigger.NewLabels labels -> labels(labels).stream().toList();
            case Trigger.Push push -> push().stream().toList();
        };
    }

    private List<Retraining.Event> broken(Trigger.Broken condition) {
        return facts.broken().stream()
                .filter(broken -> condition.isAbout(broken.clause().text()))
                .filter(broken -> Retraining.objection(rule, facts, broken).isEmpty())
                .map(broken -> new Retraining.Event(
                        "alert:" + broken.alert(),
                        Retraining.count(rule, broken) + " of the last " + rule.windows() + " windows broke "
                                + broken.clause().text(),
                        Optional.of(broken),
                        broken.newest().getFirst().window().end()))
                .toList();
    }

    private Optional<Retraining.Event> cron(Trigger.Cron cron) {
        var times = new CronTimes(cron);
        String name = "cron:" + cron.expression();
        if (cron.catchUp() == Trigger.CatchUp.ALL) {
            Instant after = facts.fired().getOrDefault(name, facts.agreed());
            return times.after(after)
                    .filter(due -> !due.isAfter(facts.now()))
                    .map(due -> event(name + "@" + due, "due at " + due, known(monthOf(due))));
        }
        return times.upTo(facts.now())
                .filter(due -> due.isAfter(facts.since()))
                .filter(due -> cron.catchUp() == Trigger.CatchUp.LAST || !due.isBefore(facts.watching()))
                .map(due -> event(name + "@" + due, "due at " + due, 0));
    }

    private long known(long end) {
        return facts.known() > 0 ? Math.min(end, facts.known()) : end;
    }

    /** The months before it are over. */
    private static long monthOf(Instant due) {
        return YearMonth.from(due.atZone(ZoneOffset.UTC))
                .atDay(1)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant()
                .toEpochMilli();
    }

    private Optional<Retraining.Event> every(Trigger.Every every) {
        Instant due = facts.since().plus(every.time());
        return due.isAfter(facts.now())
                ? Optional.empty()
                : Optional.of(event("every@" + due, "the last training was before " + due, 0));
    }

    private Optional<Retraining.Event> data(Trigger.NewData data) {
        return facts.arrived().stream()
                .filter(found -> data.dataset().isEmpty() || data.dataset().equals(found.name()))
                .filter(found -> found.at().isAfter(facts.since()))
                .reduce((a, b) -> b.at().isAfter(a.at()) ? b : a)
                .map(found -> event(found.ref(), "new data " + found.ref(), found.dataEnd()));
    }

    private Optional<Retraining.Event> labels(Trigger.NewLabels labels) {
        return facts.newLabels() < labels.atLeast()
                ? Optional.empty()
                : Optional.of(event("labels@" + facts.since(), facts.newLabels() + " new labels", 0));
    }

    private Optional<Retraining.Event> push() {
        return facts.push()
                .filter(found -> found.at().isAfter(facts.since()))
                .map(found -> event(found.ref(), "a push of " + found.name(), 0));
    }

    private static Retraining.Event event(String id, String text, long dataEnd) {
        return new Retraining.Event(id, text, Optional.empty(), dataEnd);
    }
}
