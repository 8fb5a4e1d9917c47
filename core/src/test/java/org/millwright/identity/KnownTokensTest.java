package org.millwright.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class KnownTokensTest {
    private final KnownTokens known = new KnownTokens();

    @Test
    void whoIsKnownIsBelievedForTwoSeconds() {
        known.put("hash", Actor.LOCAL, 10_000, known.changes());
        assertThat(known.get("hash", 11_999)).isEqualTo(Actor.LOCAL);
        assertThat(known.has("hash", 10_999)).isTrue();
        assertThat(known.has("hash", 11_000)).isFalse();
        assertThat(known.get("hash", 12_000)).isNull();
    }

    @Test
    void whatTheDatabaseSaidBeforeAChangeIsNotKept() {
        long before = known.changes();
        known.forget();
        known.put("hash", Actor.LOCAL, 10_000, before);
        assertThat(known.get("hash", 10_000)).isNull();
    }

    @Test
    void rolesInProjectsAreBelievedAsLongAndForgottenWithTheTokens() {
        known.putRoles("u-ana", Set.of(Role.APPROVER), 10_000, known.changes());
        assertThat(known.roles("u-ana", 11_999)).containsExactly(Role.APPROVER);
        assertThat(known.roles("u-ana", 12_000)).isNull();
        assertThat(known.roles("u-ben", 10_000)).isNull();

        known.putRoles("u-ana", Set.of(), 12_000, known.changes());
        assertThat(known.roles("u-ana", 12_000)).isEmpty();
        long before = known.changes();
        known.forget();
        assertThat(known.roles("u-ana", 12_000)).isNull();
        known.putRoles("u-ana", Set.of(Role.APPROVER), 12_000, before);
        assertThat(known.roles("u-ana", 12_000)).isNull();
    }
}
