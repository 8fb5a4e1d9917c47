package org.millwright.insight;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Entry;
import org.millwright.ledger.Ledger;
import org.millwright.lineage.Edges;
import org.millwright.project.Agreement;
import org.millwright.project.AgreementVersion;
import org.millwright.project.Agreements;
import org.millwright.project.Projects;

/** Assesses from records how mature projects are, now or at any moment that the ledger reaches back to. */
public final class Maturity {
    private final Chronicle chronicle;
    private final Ledger ledger;
    private final Projects projects;
    private final Agreements agreements;
    private final Edges edges;
    private final Users users;
    private final Clock clock;
    private final Criteria criteria = Criteria.load();

    public Maturity(
            Chronicle chronicle,
            Ledger ledger,
            Projects projects,
            Agreements agreements,
            Edges edges,
            Users users,
            Clock clock) {
        this.chronicle = chronicle;
        this.ledger = ledger;
        this.projects = projects;
        this.agreements = agreements;
        this.edges = edges;
        this.users = users;
        this.clock = clock;
    }

    public Criteria criteria() {
        return criteria;
    }

    /**
     * The projects that the actor may read, or one of them.
     *
     * @param at moment in milliseconds since the epoch; now when empty
     */
    public Assessment assess(Actor by, Optional<String> project, Optional<Long> at) {
        long now = clock.millis();
        long moment = at.orElse(now);
        if (moment > now || moment < 0) {
            throw new Problem.Invalid("at: a moment that is not in the future, in milliseconds since 1970");
        }
        return assess(readable(by, project), moment);
    }

    /** The same at the end of each of the last months and now, oldest first; months before the first record are left out. */
    public List<Assessment> history(Actor by, Optional<String> project, int months) {
        Set<String> names = readable(by, project);
        long first = chronicle.all().stream()
                .filter(event -> event.about("project").filter(names::contains).isPresent())
                .mapToLong(Event::at)
                .findFirst()
                .orElse(clock.millis());
        var history = new ArrayList<Assessment>();
        for (Period.Month month : new Period(first, clock.millis() + 1).months(months)) {
            history.add(assess(names, month.period().to() - 1));
        }
        return history;
    }

    private Set<String> readable(Actor by, Optional<String> project) {
        project.ifPresent(name ->
                users.access().require(by, Permission.READ, projects.get(name).name()));
        var names = new LinkedHashSet<String>();
        projects.list().stream()
                .map(each -> each.name())
                .filter(name -> project.map(name::equals).orElse(true))
                .filter(name -> users.access().allows(by, Permission.READ, Optional.of(name)))
                .forEach(names::add);
        if (names.isEmpty()) {
            users.access().require(by, Permission.READ);
        }
        return names;
    }

    private Assessment assess(Set<String> names, long at) {
        Estate estate = estate(names, at);
        return Assessment.of(
                criteria,
                Questions.answers(estate),
                at,
                estate.projects().size(),
                estate.production().size());
    }

    private Estate estate(Set<String> names, long at) {
        var events = Chronicle.byProject(chronicle.until(at));
        Map<String, Estate.Held> held = new HashMap<>();
        var serving = new ArrayList<Estate.Serving>();
        for (String name : names) {
            List<Event> own = events.getOrDefault(name, List.of());
            boolean approved = own.stream().anyMatch(event -> event.is("project.approved"));
            boolean retired = own.stream().anyMatch(event -> event.is("project.retired"));
            if (!approved || retired) {
                continue;
            }
            var project = new Estate.Held(name, own, agreement(name, at));
            held.put(name, project);
            Spans.of(own).stream()
                    .filter(span -> !span.trial() && span.holds(at))
                    .forEach(span -> serving.add(serving(span, project, at)));
        }
        return new Estate(
                at, names.stream().filter(held::containsKey).map(held::get).toList(), serving);
    }

    private Estate.Serving serving(Spans.Span span, Estate.Held project, long at) {
        var data = new LinkedHashSet<String>();
        edges.ancestors(span.ref()).stream()
                .filter(edge -> edge.at() <= at && edge.from().startsWith("dataset:"))
                .forEach(edge -> data.add(edge.from()));
        String deployment = "deployment:" + span.deployment();
        return new Estate.Serving(
                span.ref(),
                span.deployment(),
                project,
                data,
                ledger.last(deployment, "window.judged", at).map(Entry::subject),
                ledger.last(deployment, "labels.received", at).map(Entry::subject));
    }

    /** What was in force about the project's model at a moment. */
    private Optional<Agreement> agreement(String project, long at) {
        return projects.file(project)
                .map(file -> file.model().name())
                .flatMap(model -> agreements.versions(Actor.SYSTEM, model).stream()
                        .filter(version -> version.state() == AgreementVersion.State.IN_FORCE
                                || version.state() == AgreementVersion.State.SUPERSEDED)
                        .filter(version ->
                                version.settledAt().filter(when -> when <= at).isPresent())
                        .reduce((before, after) -> after))
                .map(AgreementVersion::agreement);
    }
}
