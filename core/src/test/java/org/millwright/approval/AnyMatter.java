package org.millwright.approval;

import java.util.List;
import java.util.Map;
import org.millwright.identity.Actor;

/** Lets tests of other rooms ask for decisions about subjects that nothing stands behind and that never change. */
public final class AnyMatter {
    private AnyMatter() {}

    public static void bind(Approvals approvals, String kind, Map<String, String> digests) {
        approvals.matters().bind(kind, new Matter() {
            @Override
            public Map<String, String> digests(String subject) {
                return digests;
            }

            @Override
            public List<String> concerned(String subject) {
                return List.of();
            }

            @Override
            public String model(String subject) {
                return "any";
            }

            @Override
            public void decided(Actor by, Approval approval) {}

            @Override
            public Approvals.Request again(Actor by, Approval before) {
                throw new UnsupportedOperationException(before.subject());
            }
        });
    }
}
