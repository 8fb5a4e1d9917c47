package org.millwright.approval;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.millwright.identity.Actor;
import org.millwright.identity.User;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;

/** Names who decides in someone's place until a day; that ends by itself, and is in the ledger. */
public final class Deputies {
    private static final Duration LONGEST = Duration.ofDays(90);

    private final Database database;
    private final Ledger ledger;
    private final Users users;
    private final Separation separation;
    private final Clock clock;
    private final Ids ids;
    private final DeputyStore store;

    Deputies(Database database, Ledger ledger, Users users, Separation separation, Clock clock, Ids ids) {
        this.database = database;
        this.ledger = ledger;
        this.users = users;
        this.separation = separation;
        this.clock = clock;
        this.ids = ids;
        this.store = new DeputyStore(database);
    }

    /** Lets an approver of the installation or of some project decide in one's own place; one at a time. */
    public Deputy name(Actor by, String deputy, long until) {
        User other = users.get(deputy);
        if (!by.isPerson() || !separation.approvesSomewhere(by)) {
            throw new Problem.Denied(
                    by.name() + " approves nothing, and so has no deputy", "mw user grant " + plain(by) + " approver");
        }
        if (other.kind() != Actor.Kind.PERSON || separation.same(by.id(), other.id())) {
            throw new Problem.Invalid(
                    deputy + " cannot be the deputy of " + by.name() + " (expected: another person)", "mw user list");
        }
        if (!separation.approvesSomewhere(separation.actor(other))) {
            throw new Problem.Denied(
                    deputy + " has no role that approves, and so cannot be a deputy",
                    "mw user grant " + deputy + " approver");
        }
        long now = clock.millis();
        if (until <= now || until > now + LONGEST.toMillis()) {
            throw new Problem.Invalid("A deputy is named until a time between now and " + LONGEST.toDays() + " days");
        }
        return database.write(() -> {
            own(by).ifPresent(old -> store.end(old.id(), now));
            var named = new Deputy(ids.next(), by.id(), other.id(), now, until);
            store.insert(named);
            ledger.append(
                    by,
                    "deputy.named",
                    List.of("user:" + by.id(), "user:" + other.id()),
                    Json.object().put("deputy", other.id()).put("until", until));
            return named;
        });
    }

    /** Decides again oneself only. */
    public void end(Actor by) {
        database.write(() -> {
            Deputy mine = own(by).orElseThrow(
                            () -> new Problem.NotFound(by.name() + " has no deputy", "mw approve deputies"));
            store.end(mine.id(), clock.millis());
            ledger.append(
                    by,
                    "deputy.ended",
                    List.of("user:" + by.id(), "user:" + mine.deputy()),
                    Json.object().put("deputy", mine.deputy()));
        });
    }

    private Optional<Deputy> own(Actor by) {
        return active().stream()
                .filter(deputy -> deputy.person().equals(by.id()))
                .findFirst();
    }

    /** All whose time is not over. */
    public List<Deputy> active() {
        return database.read(() -> store.active(clock.millis()));
    }

    private static String plain(Actor actor) {
        return actor.name().replace(' ', '-');
    }
}
