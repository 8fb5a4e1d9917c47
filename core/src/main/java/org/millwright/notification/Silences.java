package org.millwright.notification;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.millwright.alert.Alert;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;
import org.millwright.project.Project;

/** Times in which alerts are not sent: by who may acknowledge them, with an end and a reason. */
public final class Silences {
    private static final Duration LONGEST = Duration.ofDays(30);
    private static final int MOST = 500;
    private static final int ALL = 10_000;
    private static final int LONGEST_REASON = 2_000;

    private final Database database;
    private final Ledger ledger;
    private final Access access;
    private final Clock clock;
    private final Ids ids;
    private final SilenceStore store;
    private final Function<String, String> projects;

    /** @param projects the project of a deployment; refuses one that is not known */
    public Silences(
            Database database, Ledger ledger, Access access, Function<String, String> projects, Clock clock, Ids ids) {
        this.database = database;
        this.ledger = ledger;
        this.access = access;
        this.projects = projects;
        this.clock = clock;
        this.ids = ids;
        this.store = new SilenceStore(database);
    }

    /** What is to be silent: something must be named. */
    public record Scope(Optional<String> project, Optional<String> deployment, Optional<String> clause) {
        public Scope {
            if (project.isEmpty() && deployment.isEmpty() && clause.isEmpty()) {
                throw new Problem.Invalid(
                        "Say what is to be silent",
                        "mw alert silence --deployment NAME, --project NAME or --clause KIND");
            }
            clause.ifPresent(Route::requireClause);
        }
    }

    public Silence start(Actor by, Scope scope, Duration length, String reason) {
        Optional<String> project = scope.deployment().map(projects).or(scope::project);
        if (!scope.project().or(() -> project).equals(project)) {
            throw new Problem.Invalid("Deployment " + scope.deployment().orElse("") + " is of project "
                    + project.orElse("") + ", not " + scope.project().orElse(""));
        }
        requireMay(by, project);
        if (reason.isBlank() || reason.length() > LONGEST_REASON) {
            throw new Problem.Invalid(
                    "Say why it is silenced, in at most " + LONGEST_REASON + " characters", "Add a reason.");
        }
        if (length.isNegative() || length.isZero() || length.compareTo(LONGEST) > 0) {
            throw new Problem.Invalid("A silence lasts " + length.toMinutes() + " minutes (expected: up to 30 days)");
        }
        long now = clock.millis();
        var silence = new Silence(
                ids.next(),
                project,
                scope.deployment(),
                scope.clause(),
                reason.strip(),
                now,
                by.id(),
                now + length.toMillis(),
                Optional.empty());
        return database.write(() -> {
            store.insert(silence);
            ledger.append(by, "silence.started", subjects(silence), details(silence));
            return silence;
        });
    }

    /** Ends one early: what is still open is sent. */
    public Silence end(Actor by, String id) {
        return database.write(() -> {
            Silence silence =
                    store.find(id).orElseThrow(() -> new Problem.NotFound("No silence " + id, "mw alert silences"));
            requireMay(by, silence.project());
            if (!store.end(id, by.id(), clock.millis())) {
                throw new Problem.Conflict("Silence " + id + " is over already", "mw alert silences");
            }
            ledger.append(by, "silence.ended", subjects(silence), details(silence));
            return store.find(id).orElseThrow();
        });
    }

    /** Those that the actor may see, newest first. */
    public List<Silence> list(Actor by, boolean activeOnly) {
        long now = clock.millis();
        return database.read(() -> store.after(activeOnly ? now : 0, MOST)).stream()
                .filter(silence -> !activeOnly || silence.isActive(now))
                .filter(silence -> access.allows(by, Permission.READ, silence.project()))
                .toList();
    }

    public boolean mayEnd(Actor by, Silence silence) {
        return access.allows(
                by, silence.project().isPresent() ? Permission.ACKNOWLEDGE : Permission.OPERATE, silence.project());
    }

    /** Those that count for escalation: that are, or were not long ago. */
    List<Silence> recent() {
        return database.read(
                () -> store.after(clock.millis() - LONGEST.multipliedBy(2).toMillis(), ALL));
    }

    /** The silence that keeps an alert from being sent, the one that ends last. */
    Optional<Silence> over(Alert alert, List<Silence> recent) {
        long now = clock.millis();
        return recent.stream()
                .filter(silence -> silence.isActive(now) && silence.covers(alert))
                .max(Comparator.comparingLong(Silence::until));
    }

    private void requireMay(Actor by, Optional<String> project) {
        if (project.isPresent()) {
            access.require(by, Permission.ACKNOWLEDGE, project.get());
        } else {
            access.require(by, Permission.OPERATE);
        }
    }

    private static List<String> subjects(Silence silence) {
        var subjects = new ArrayList<String>(List.of(silence.ref()));
        silence.deployment().ifPresent(name -> subjects.add("deployment:" + name));
        silence.project().ifPresent(name -> subjects.add(Project.ref(name)));
        return subjects;
    }

    private static ObjectNode details(Silence silence) {
        return Json.object()
                .put("scope", silence.scope())
                .put("reason", silence.reason())
                .put("until", Instant.ofEpochMilli(silence.endsAt()).toString());
    }
}
