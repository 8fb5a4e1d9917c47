package org.millwright.identity;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.millwright.kernel.Database;
import org.millwright.kernel.Problem;

/** By what a process without the metadata, which answers in the server's place, recognizes who may score. */
public final class Credentials {
    private final Database database;
    private final Access access;
    private final Clock clock;
    private final UserStore store;

    public Credentials(Database database, Access access, Clock clock) {
        this.database = database;
        this.access = access;
        this.clock = clock;
        this.store = new UserStore(database);
    }

    /** Those of everyone who may score where the actor may serve, ordered; {@link Problem.Denied} where that is nowhere. */
    public List<Credential> of(Actor by) {
        boolean everywhere = access.allows(by, Permission.SERVE, Optional.empty());
        return database.read(() -> {
            Set<String> served = store.projects(Permission.SERVE).getOrDefault(by.id(), Set.of());
            if (served.isEmpty()) {
                access.require(by, Permission.SERVE);
            }
            Map<String, Set<String>> scoring = store.projects(Permission.SCORE);
            Map<String, User> users = store.all().stream().collect(Collectors.toMap(User::id, user -> user));
            return store.liveTokens(clock.millis()).stream()
                    .flatMap(token -> Optional.ofNullable(users.get(token.userId())).stream()
                            .map(user -> credential(
                                    token,
                                    user,
                                    scoring.getOrDefault(user.id(), Set.of()).stream()
                                            .filter(project -> everywhere || served.contains(project))
                                            .collect(Collectors.toSet()))))
                    .filter(known ->
                            !known.everywhere().isEmpty() || !known.projects().isEmpty())
                    .toList();
        });
    }

    private static Credential credential(UserStore.OwnedToken token, User user, Set<String> projects) {
        Set<Permission> allowed = Stream.of(Permission.SCORE, Permission.OPERATE)
                .filter(permission -> user.roles().stream().anyMatch(role -> role.allows(permission)))
                .collect(Collectors.toSet());
        return new Credential(token.hash(), user.id(), user.name(), user.kind(), allowed, projects, token.expiresAt());
    }
}
