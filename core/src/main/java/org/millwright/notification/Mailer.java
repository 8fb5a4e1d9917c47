package org.millwright.notification;

import java.io.IOException;

/** Sends a mail. */
public interface Mailer {
    /** Text and HTML say the same; {@code id} is the same when it is sent again. */
    record Mail(String id, String subject, String text, String html) {}

    /** Returns when the server took it for every recipient; fails with what the server said. */
    void send(Target.Email server, Mail mail) throws IOException;
}
