### الكلمات المشتركة بين الصفحات.

platform = تضامن
skip = الانتقال إلى المحتوى
nav-label = الأقسام
nav-home = وضعيتي
nav-services = الخدمات
nav-files = ملفاتي
menu-label = الحساب:
menu-profile = الملف الشخصي
menu-password = تغيير كلمة المرور
menu-sessions = الأجهزة المتصلة
sign-out = الخروج
inbox-label = { $count ->
    [0] الرسائل: لا جديد
    [one] الرسائل: رسالة جديدة واحدة
    [two] الرسائل: رسالتان جديدتان
    [few] الرسائل: { $count } رسائل جديدة
   *[other] الرسائل: { $count } رسالة جديدة
}
footer-line = تضامن، منصة خدمات المنخرطين
footer-demonstration = نسخة للعرض، كل الأشخاص من نسج الخيال
footer-terms = شروط الاستعمال
footer-privacy = حماية المعطيات
footer-accessibility = سهولة الولوج
footer-contact = اتصلوا بنا
title-with-problem = خطأ: { $title }
problems-heading = بقي ما يجب تصحيحه قبل المتابعة
form-stale-title = استمارة يجب إعادة إرسالها
form-stale = جاءت هذه الاستمارة من نافذة أو جلسة أخرى، أو بقيت مفتوحة لمدة طويلة: لم يرسل أي شيء. راجعوا الصفحة ثم أعيدوا الإرسال.
problems-sign-in = لم يتم الدخول
problems-cannot = تعذر ذلك
back = رجوع
next = التالي
confirm = تأكيد
finish = إنهاء
accept = قبول
send = إرسال
save = حفظ
add = إضافة
change = تعديل
choose = اختاروا
done = تم
print = طباعة
resume = متابعة
try-again = إعادة المحاولة
go-home = الذهاب إلى الصفحة الرئيسية
go-back = العودة إلى الصفحة
contact-us = اتصلوا بنا
not-answered = لم تتم الإجابة بعد
what-next = ماذا بعد؟
at-date-time = { $date } على الساعة { $time }
born-on = تاريخ الازدياد: { $date }
desk-where = المكان
desk-hours = أوقات العمل
desk-phone = الهاتف
desk-email = البريد الإلكتروني

position-active = في حالة نشاط
position-seconded = في حالة إلحاق
position-at-disposal = في حالة وضع رهن الإشارة
position-retired = في حالة تقاعد
position-survivor = من ذوي حقوق منخرط متوفى
position-other = وضعية أخرى

relation-member = المنخرط(ة)
relation-spouse = الزوج(ة)
relation-child = الابن(ة)
relation-other = شخص آخر

family-health = الصحة
family-schooling = التمدرس
family-travel = التنقل والاصطياف
family-advances = السلف والدعم
family-housing = السكن
family-partners = الشركاء
family-family = الأسرة
family-myself = انخراطي
family-other = خدمات أخرى

state-draft = مسودة
state-submitted = مرسلة
state-in-review = قيد الدراسة
state-information-requested = مطلوب استكمال
state-approved = مقبولة
state-rejected = مرفوضة
state-cancelled = ملغاة
state-other = جارية

baton-draft = الدور عليكم: إتمام الطلب وإرساله
baton-submitted = الملف لدى المؤسسة قصد الدراسة
baton-in-review = المؤسسة تدرس الملف
baton-information-requested = الدور عليكم: استكمال الملف
baton-approved = المؤسسة تهيئ الأداء
baton-rejected = انتهى
baton-cancelled = انتهى: سحبتم الطلب
baton-other = المؤسسة تتولى الملف
baton-note-nothing-to-do = لا شيء عليكم القيام به. ستصلكم رسالة عند كل جديد.
baton-note-until = تجيب المؤسسة في أجل أقصاه { $date }. لا شيء عليكم القيام به، وستصلكم رسالة عند كل جديد.
baton-note-late = كان جواب المؤسسة منتظرا في أجل أقصاه { $date } ولم يصدر بعد. يمكنكم الاستفسار لدى الشباك.
baton-note-cancelled = يبقى الطلب ظاهرا هنا، ويمكنكم تقديم طلب جديد.
baton-note-information-requested = تستأنف الدراسة فور إعادة إرسالكم الملف، ويحتفظ برقمه وبتاريخ إرساله.
baton-note-approved = يؤدى المبلغ في الحساب الذي أكدتموه. لا شيء عليكم القيام به.
baton-note-rejected = يبقى الطلب ظاهرا هنا. إذا كنتم لا توافقون على القرار، يمكنكم تقديم تظلم: انظروا في هذه الصفحة.
baton-note-rejected-over = يبقى الطلب ظاهرا هنا. انقضى أجل التظلم.

timeline-started = بداية الطلب
timeline-submitted = إرسال الطلب
timeline-withdrawn = سحبتم الطلب
timeline-in-review = قيد الدراسة
timeline-information-requested = طلب استكمال الملف
timeline-resent = أعدتم إرسال الملف
timeline-waiting-ended = استئناف الدراسة دون جواب
timeline-approved = قبول الطلب
timeline-rejected = رفض الطلب
timeline-other = تحيين
timeline-upcoming = الدراسة من طرف المؤسسة
timeline-upcoming-note = نراسلكم عند كل جديد في الملف.
timeline-upcoming-decision = القرار
timeline-upcoming-resent = استئناف الدراسة
timeline-upcoming-resent-note = فور إعادة إرسالكم الملف.
timeline-upcoming-payment = الأداء

scan-clean = فحص الفيروسات: الملف سليم
scan-not-scanned = لم يفحصه مضاد الفيروسات عند استلامه
scan-infected = رفضه مضاد الفيروسات
scan-other = الفحص جار

step-account = الحساب البنكي
step-person = الشخص المعني
step-reason = موضوع الطلب
step-consent = الموافقة
step-papers = الوثائق
step-summary = المراجعة والإرسال
