package org.millwright.insight;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;
import org.millwright.lineage.Edge;
import org.millwright.lineage.Edges;
import org.millwright.project.Agreement;
import org.millwright.project.AgreementVersion;
import org.millwright.project.Agreements;
import org.millwright.project.Projects;

/** Assesses from records how mature projects are, now or at any moment that the ledger reaches back to. */
public final class Maturity {
    private static final int KEPT = 200;
    /** After so long nothing that is on its way can still get an older time. */
    private static final long SETTLED = 3_600_000;

    private final Database database;
    private final Chronicle chronicle;
    private final Ledger ledger;
    private final Projects projects;
    private final Agreements agreements;
    private final Edges edges;
    private final Users users;
    private final Clock clock;
    private final Criteria criteria = Criteria.load();
    private final Firsts firsts;
    /** Data that versions came from, where some is known: the first stays the first. */
    private final Map<String, List<Edge>> origins = new ConcurrentHashMap<>();

    private final Map<Past, Assessment> past = Collections.synchronizedMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Past, Assessment> eldest) {
            return size() > KEPT;
        }
    });

    public Maturity(
            Database database,
            Chronicle chronicle,
            Ledger ledger,
            Projects projects,
            Agreements agreements,
            Edges edges,
            Users users,
            Clock clock) {
        this.database = database;
        this.chronicle = chronicle;
        this.ledger = ledger;
        this.projects = projects;
        this.agreements = agreements;
        this.edges = edges;
        this.users = users;
        this.clock = clock;
        this.firsts = new Firsts(ledger);
    }

    /** What an assessment of a moment that is past depends on; what is recorded later does not change it. */
    private record Past(Set<String> projects, List<String> models, long at) {}

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
        Map<String, Story> stories = chronicle.stories();
        long first = names.stream()
                .flatMap(name ->
                        stories.getOrDefault(name, Story.NONE).events().stream().limit(1))
                .mapToLong(Event::at)
                .min()
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
        if (at > clock.millis() - SETTLED) {
            return made(names, at);
        }
        var key = new Past(Set.copyOf(names), names.stream().map(this::model).toList(), at);
        Assessment known = past.get(key);
        if (known == null) {
            known = made(names, at);
            past.put(key, known);
        }
        return known;
    }

    private String model(String project) {
        return projects.file(project).map(file -> file.model().name()).orElse("");
    }

    private Assessment made(Set<String> names, long at) {
        // Who waits for the chronicle must not hold a connection that whoever reads it on needs.
        Map<String, Story> stories = chronicle.stories();
        Estate estate = database.read(() -> estate(names, stories, at));
        return Assessment.of(
                criteria,
                Questions.answers(estate),
                at,
                estate.projects().size(),
                estate.production().size());
    }

    private Estate estate(Set<String> names, Map<String, Story> stories, long at) {
        long size = ledger.size();
        var held = new ArrayList<Estate.Held>();
        var serving = new ArrayList<Estate.Serving>();
        for (String name : names) {
            Story story = stories.getOrDefault(name, Story.NONE).until(at);
            if (story.acted("project.approved").isEmpty()
                    || !story.acted("project.retired").isEmpty()) {
                continue;
            }
            var project = new Estate.Held(name, story, agreement(name, at));
            held.add(project);
            story.spans().stream()
                    .filter(span -> !span.trial() && span.holds(at))
                    .forEach(span -> serving.add(serving(span, project, at, size)));
        }
        return new Estate(at, held, serving);
    }

    private Estate.Serving serving(Spans.Span span, Estate.Held project, long at, long size) {
        var data = new LinkedHashSet<String>();
        origins(span.ref()).stream().filter(edge -> edge.at() <= at).forEach(edge -> data.add(edge.from()));
        String deployment = "deployment:" + span.deployment();
        return new Estate.Serving(
                span.ref(),
                span.deployment(),
                project,
                data,
                firsts.subject(deployment, "window.judged", at, size),
                firsts.subject(deployment, "labels.received", at, size));
    }

    private List<Edge> origins(String version) {
        List<Edge> known = origins.get(version);
        if (known == null) {
            known = edges.ancestors(version).stream()
                    .filter(edge -> edge.from().startsWith("dataset:"))
                    .toList();
            if (!known.isEmpty()) {
                origins.put(version, known);
            }
        }
        return known;
    }

    /** What was in force about the project's model at a moment. */
    private Optional<Agreement> agreement(String project, long at) {
        return Optional.of(model(project))
                .filter(model -> !model.isEmpty())
                .flatMap(model -> agreements.versions(Actor.SYSTEM, model).stream()
                        .filter(version -> version.state() == AgreementVersion.State.IN_FORCE
                                || version.state() == AgreementVersion.State.SUPERSEDED)
                        .filter(version ->
                                version.settledAt().filter(when -> when <= at).isPresent())
                        .reduce((before, after) -> after))
                .map(AgreementVersion::agreement);
    }
}
