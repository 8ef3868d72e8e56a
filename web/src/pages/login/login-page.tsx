import { getRouteApi, Link, useRouter } from '@tanstack/react-router';
import { usePasskeyLogin } from '../../api/passkeys.ts';
import { useLogin } from '../../api/session.ts';
import { DoorFrame } from '../../components/door-frame.tsx';
import { LoginForm } from '../../components/login-form.tsx';
import { SignOnWay } from './sign-on-way.tsx';

const route = getRouteApi('/login');

/** Asks who is there, and leads back to where they wanted to go. */
export function LoginPage() {
  const { next, refused } = route.useSearch();
  const router = useRouter();
  const enter = () => void router.navigate({ to: next ?? '/', replace: true });
  return (
    <DoorFrame title="Log in" lead={<SiteName />}>
      <SignOnWay next={next} refused={refused} />
      <LoginForm login={useLogin()} passkey={usePasskeyLogin()} onDone={enter} autoFocus>
        <Link to="/forgotten-password" className="plain-link">
          Forgotten your password?
        </Link>
      </LoginForm>
    </DoorFrame>
  );
}

function SiteName() {
  const slug = new URL(document.baseURI).pathname.replaceAll('/', '');
  return (
    <>
      to the site <strong className="mono">{slug}</strong>
    </>
  );
}
