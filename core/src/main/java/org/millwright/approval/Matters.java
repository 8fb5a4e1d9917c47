package org.millwright.approval;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** What people decide about, by kind of subject. */
final class Matters {
    private final Map<String, Matter> kinds = new ConcurrentHashMap<>();

    /** Says what follows from decisions about subjects of a kind, such as {@code release}. */
    void bind(String kind, Matter matter) {
        kinds.put(kind, matter);
    }

    Matter of(Approval approval) {
        String kind =
                approval.subject().substring(0, Math.max(0, approval.subject().indexOf(':')));
        return Optional.ofNullable(kinds.get(kind))
                .orElseThrow(() -> new IllegalStateException("nobody knows " + approval.subject()));
    }

    /** Names of the listed digests that are others now. */
    List<String> changed(Approval approval) {
        Map<String, String> now = of(approval).digests(approval.subject());
        var changed = new ArrayList<String>();
        new TreeMap<>(approval.digests()).forEach((name, digest) -> {
            if (!digest.equals(now.get(name))) {
                changed.add(name);
            }
        });
        return changed;
    }

    /** What somebody who decides is shown beside the request. */
    Map<String, Object> context(Approval approval) {
        return of(approval).context(approval.subject());
    }
}
