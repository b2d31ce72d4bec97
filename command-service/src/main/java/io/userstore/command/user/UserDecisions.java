package io.userstore.command.user;

import io.userstore.command.user.StoredUserEvent.Email;
import io.userstore.command.user.StoredUserEvent.EmailChanged;
import io.userstore.command.user.StoredUserEvent.Imported;
import io.userstore.command.user.StoredUserEvent.Name;
import io.userstore.command.user.StoredUserEvent.PasswordChanged;
import io.userstore.command.user.StoredUserEvent.PasswordRehashed;
import io.userstore.command.user.StoredUserEvent.ProfileUpdated;
import io.userstore.command.user.StoredUserEvent.UserActivated;
import io.userstore.command.user.StoredUserEvent.UserCreated;
import io.userstore.command.user.StoredUserEvent.UserDeactivated;
import io.userstore.command.user.StoredUserEvent.UserDeleted;
import io.userstore.command.user.StoredUserEvent.UsernameChanged;
import io.userstore.command.user.UserCommand.CreateUser;
import io.userstore.command.user.UserCommand.DeleteUser;
import io.userstore.command.user.UserCommand.ImportUser;
import io.userstore.command.user.UserCommand.UpdateUser;
import io.userstore.command.user.UserCommand.UpgradePasswordHash;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What each command comes to, given the user's state. Pure functions. */
public final class UserDecisions {
    /** How many custom values a user may have. */
    public static final int MAX_EXTRA_KEYS = 50;

    private UserDecisions() {}

    public static Decision decide(UserState state, UserCommand command) {
        return switch (command) {
            case CreateUser create -> create(create);
            case ImportUser imported -> create(imported);
            case UserCommand other
            when !state.existsIn(other.application()) -> new Decision.Refused(Rejection.NO_SUCH_USER);
            case UpdateUser update -> update(state, update);
            case UpgradePasswordHash upgrade -> upgrade(state, upgrade);
            case DeleteUser delete -> delete(state, delete);
        };
    }

    private static Decision create(CreateUser command) {
        return accepted(new UserCreated(
                command.application(),
                command.group(),
                command.active(),
                command.passwordHash().encoded(),
                command.profile()));
    }

    private static Decision create(ImportUser command) {
        PasswordHash hash = command.passwordHash();
        boolean nothingBrought = command.createdAt() == null && !command.emailVerified();
        return accepted(new UserCreated(
                command.application(),
                command.group(),
                command.active(),
                hash == null ? "" : hash.encoded(),
                command.profile(),
                nothingBrought ? null : new Imported(command.createdAt(), command.emailVerified())));
    }

    private static Decision update(UserState state, UpdateUser command) {
        if (staleFor(state, command.ifVersion())) {
            return new Decision.Refused(Rejection.VERSION_CONFLICT);
        }
        Profile now = state.profile();
        if (command.email().after(now.email()) == null && command.username().after(now.username()) == null) {
            return new Decision.Refused(Rejection.NO_NAME_LEFT);
        }
        Map<String, Object> extra = extraAfter(command.clearExtra() ? Map.of() : now.extra(), command.extra());
        if (extra.size() > MAX_EXTRA_KEYS) {
            return new Decision.Refused(Rejection.TOO_MANY_EXTRA_KEYS);
        }
        List<StoredUserEvent> events = new ArrayList<>();
        if (command.email().alters(now.email())) {
            String email = command.email().after(now.email());
            events.add(new EmailChanged(state.emailVerified(), email == null ? null : new Email(email)));
        }
        if (command.username().alters(now.username())) {
            String username = command.username().after(now.username());
            events.add(new UsernameChanged(username == null ? null : new Name(username)));
        }
        addProfileUpdate(events, state, command, extra);
        if (command.passwordHash() instanceof Change.Put<PasswordHash>(PasswordHash hash)) {
            events.add(new PasswordChanged(hash.encoded()));
        }
        Boolean active = command.active();
        if (active != null && active != state.active()) {
            events.add(active ? new UserActivated() : new UserDeactivated());
        }
        return new Decision.Accepted(events);
    }

    private static void addProfileUpdate(
            List<StoredUserEvent> events, UserState state, UpdateUser command, Map<String, Object> extra) {
        Profile now = state.profile();
        Set<String> changed = new LinkedHashSet<>();
        if (command.firstName().alters(now.firstName())) {
            changed.add("first_name");
        }
        if (command.lastName().alters(now.lastName())) {
            changed.add("last_name");
        }
        if (command.group().alters(state.group())) {
            changed.add("group");
        }
        if (!extra.equals(now.extra())) {
            changed.add("extra");
        }
        if (changed.isEmpty()) {
            return;
        }
        Profile after = new Profile(
                command.email().after(now.email()),
                command.username().after(now.username()),
                command.firstName().after(now.firstName()),
                command.lastName().after(now.lastName()),
                extra);
        events.add(new ProfileUpdated(changed, command.group().after(state.group()), state.group(), after));
    }

    private static Map<String, Object> extraAfter(Map<String, Object> now, Map<String, Change<Object>> changes) {
        Map<String, Object> after = new HashMap<>(now);
        changes.forEach((key, change) -> {
            Object value = change.after(now.get(key));
            if (value == null) {
                after.remove(key);
            } else {
                after.put(key, value);
            }
        });
        return after;
    }

    private static Decision upgrade(UserState state, UpgradePasswordHash command) {
        boolean same = Objects.equals(state.passwordHash(), command.from().encoded());
        return same ? accepted(new PasswordRehashed(command.to().encoded())) : new Decision.Accepted(List.of());
    }

    private static Decision delete(UserState state, DeleteUser command) {
        return staleFor(state, command.ifVersion())
                ? new Decision.Refused(Rejection.VERSION_CONFLICT)
                : accepted(new UserDeleted(state.group(), state.active(), state.emailVerified()));
    }

    private static boolean staleFor(UserState state, @Nullable Set<Long> ifVersion) {
        return ifVersion != null && !ifVersion.contains(state.version());
    }

    private static Decision accepted(StoredUserEvent event) {
        return new Decision.Accepted(List.of(event));
    }
}
