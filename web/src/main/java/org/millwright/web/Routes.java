package org.millwright.web;

import io.helidon.webserver.http.HttpRouting;

/** A set of routes of one protocol or one room. */
public interface Routes {
    void register(HttpRouting.Builder routing);
}
