package org.millwright.web.ui;

import java.util.HashMap;
import java.util.Map;
import org.millwright.identity.Users;

/** Names of people by their ids, looked up once a page. */
public final class Names {
    private final Users users;
    private final Map<String, String> known = new HashMap<>();

    Names(Users users) {
        this.users = users;
    }

    public String of(String id) {
        return known.computeIfAbsent(id, users::nameOf);
    }
}
